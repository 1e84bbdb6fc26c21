import type { RowResult } from '../run/row-run';
import { checkLines, figureLines } from './lines';
import type { RunReport } from './run-report';
import { markdownTable } from './table';
import { mockBound, retriedSentence } from './terminal';

/** The page of results. */
export function markdownReport(report: RunReport, chart: string): string {
  const { machine, command, seconds, contestants, results, left } = report;
  const counted = (verdict: string) =>
    results.reduce((sum, { checks }) => sum + checks.filter((judged) => judged.verdict === verdict).length, 0);
  const all = results.flatMap((result) =>
    checkLines(result)
      .slice(1)
      .map((line) => [result.row.id, ...line]),
  );
  return `${[
    '# Results',
    `Written by \`${command}\` on ${machine.date}, in ${(seconds / 60).toFixed(0)} minutes. Do not edit: run it again. How to read it: [README.md](README.md).`,
    markdownTable([
      ['', ''],
      ['machine', `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}`],
      ['load average at the start', machine.load.toFixed(2)],
      ['Node', machine.node],
      ...Object.entries(contestants),
    ]),
    ...(left.length === 0 ? [] : [`The run was broken off: ${left.join(', ')} were not measured.`]),
    `Gates: ${counted('met')} met, ${counted('not met')} not met, ${counted('open')} open (the gate lies within the interval), ${counted('not measured')} not measured.`,
    `![Ratios with their intervals, gates and aims](${chart})`,
    '## Gates and aims',
    markdownTable([['row', 'check', 'value (95 % interval)', 'gate', 'verdict', 'aim'], ...all]),
    ...results.map(section),
  ].join('\n\n')}\n`;
}

function section(result: RowResult): string {
  const { row, rounds, missing, mock, retried } = result;
  const left = missing.map(({ contestant, case: name, why }) => {
    const line = why.split('\n')[0];
    return `- ${contestant}${name === undefined ? '' : `, ${name}`}: ${line}`;
  });
  return [
    `## ${row.id}: ${row.title}`,
    `${rounds} rounds.${row.note === undefined ? '' : ` ${row.note}`}${mock === undefined ? '' : ` ${mockBound(mock)}`}`,
    markdownTable(figureLines(result)),
    ...(retried === undefined ? [] : [retriedSentence(retried)]),
    ...(left.length === 0 ? [] : [`Not measured:\n\n${left.join('\n')}`]),
  ].join('\n\n');
}
