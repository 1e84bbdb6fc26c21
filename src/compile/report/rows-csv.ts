import { type Dumped, dumpValue, NumberText } from '../../core/signatures/python/dump';
import { pythonFloat } from '../../core/signatures/python/number';
import { pythonRepr } from '../../core/signatures/python/repr';
import type { RowResult } from '../evaluate/row-result';
import { type Cell, mergedRow } from './merged-row';

/**
 * Rows as CSV (RFC 4180), to the byte as the reference writes them: `\r\n`, quotes where needed, Python's spelling of
 * values. Rows may have different fields: the head has all of them, the score last.
 */
export function rowsCsv(rows: readonly RowResult<object>[], metricName: string): string {
  const lines = rows.map((row) => mergedRow(row, metricName));
  const head = csvHead(new Set(lines.flatMap((line) => [...line.keys()])), metricName);
  return [csvLine(head), ...lines.map((line) => csvLine(head.map((name) => cellText(line.get(name)))))].join('');
}

/** The names of the columns, the score's last. */
export function csvHead(names: Iterable<string>, metricName: string): string[] {
  return [...[...names].filter((name) => name !== metricName), metricName];
}

/** One line of CSV. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => csvCell(cell, cells.length === 1)).join(',')}\r\n`;
}

/** A cell reduced to what files can hold. */
export function dumpedCell({ value, float }: Cell): Dumped {
  if (float === true && typeof value === 'number') return new NumberText(pythonFloat(value));
  return dumpValue(value, undefined);
}

/** A cell as Python prints it; nothing for one that a row does not have. */
export function cellText(cell: Cell | undefined): string {
  if (cell === undefined || cell.value === null || cell.value === undefined) return '';
  const dumped = dumpedCell(cell);
  return typeof dumped === 'string' ? dumped : pythonRepr(dumped);
}

function csvCell(text: string, alone: boolean): string {
  return /[",\r\n]/.test(text) || (alone && text === '') ? `"${text.replaceAll('"', '""')}"` : text;
}
