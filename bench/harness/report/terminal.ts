import type { RowResult } from '../run/row-run';
import { checkLines, figureLines } from './lines';
import { textTable } from './table';
import { digits } from './words';

/** What a row found, for a terminal. */
export function terminalReport(result: RowResult): string {
  const { row, missing, mock, seconds, rounds, retried } = result;
  const parts = [`${row.id}  ${row.title}  (${rounds} rounds, ${seconds.toFixed(0)} s)`];
  const figures = figureLines(result);
  const checks = checkLines(result);
  if (figures.length > 1) parts.push(textTable(figures));
  if (checks.length > 1) parts.push(textTable(checks));
  if (retried !== undefined) parts.push(retriedSentence(retried));
  for (const { contestant, case: name, why } of missing) {
    parts.push(`${contestant}${name === undefined ? '' : `, ${name}`}: ${why}`);
  }
  if (mock !== undefined) parts.push(mockBound(mock));
  if (row.note !== undefined) parts.push(row.note);
  return parts.join('\n\n');
}

/** What the mock can do at most. */
export function mockBound({ cpuUs, perSecond }: { readonly cpuUs: number; readonly perSecond: number }): string {
  return `The mock spends ${digits(cpuUs)} us of its processor on a request: at most ${digits(perSecond)} requests a second on a core of its own.`;
}

/** Which checks had a second chance. */
export function retriedSentence(names: readonly string[]): string {
  return `Measured once more, with twice the rounds: ${names.join('; ')}.`;
}
