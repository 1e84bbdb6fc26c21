import { dumpValue } from '../../core/signatures/python/dump';
import { dumpedText } from '../../core/signatures/python-text';
import type { RowResult } from '../evaluate/row-result';
import { type Cell, mergedRow } from './merged-row';

/** Longer cells are cut at this many words, as the reference's. */
const WORDS = 25;
/** And at this width, so that a line fits on a screen. */
const WIDTH = 40;

/** Rows as a text table, `limit` of them, with what failed and why. */
export function rowsTable(rows: readonly RowResult<object>[], metricName: string, limit: number): string {
  const shown = rows.slice(0, limit);
  const lines = shown.map((row) => {
    const cells = mergedRow(row, metricName);
    const score = cells.get(metricName);
    cells.delete(metricName);
    return { cells, score: row.kind === 'scored' ? scoreCell(score?.value) : failureCell(row) };
  });
  const names = [...new Set(lines.flatMap((line) => [...line.cells.keys()]))];
  const head = [...names, metricName];
  const body = lines.map((line) => [...names.map((name) => tableCell(line.cells.get(name))), fitted(line.score)]);
  const widths = head.map((name, at) => Math.max(name.length, ...body.map((cells) => cells[at]?.length ?? 0)));
  const text = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const hidden = rows.length - shown.length;
  const more = hidden > 0 ? [`... ${hidden} more rows not displayed ...`] : [];
  return [text(head), rule, ...body.map(text), ...more].join('\n');
}

/** A score as the reference's tables show it. */
export function scoreCell(score: unknown): string {
  if (score === null || score === undefined) return '';
  if (typeof score === 'boolean') return `✔️ [${score ? 'True' : 'False'}]`;
  return `✔️ [${typeof score === 'number' && !Number.isInteger(score) ? score.toFixed(3) : String(score)}]`;
}

/** A text cut after 25 words; anything else as it is. */
export function truncateCell(content: unknown): unknown {
  const words = textOf(content)
    .split(/\s+/u)
    .filter((word) => word !== '');
  return words.length > WORDS ? `${words.slice(0, WORDS).join(' ')}...` : content;
}

function tableCell(cell: Cell | undefined): string {
  return cell === undefined ? '' : fitted(textOf(truncateCell(cell.value)));
}

function failureCell(row: RowResult): string {
  const name = row.error instanceof Error ? row.error.name : 'error';
  return row.kind === 'unavailable' ? `unavailable: ${name}` : `failed: ${name}`;
}

function fitted(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : dumpedText(dumpValue(value, undefined));
}
