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
  const names = new Set(lines.flatMap((line) => [...line.keys()]));
  names.delete(metricName);
  const head = [...names, metricName];
  const text = (cells: readonly string[]) => `${cells.map((cell) => csvCell(cell, cells.length === 1)).join(',')}\r\n`;
  return [text(head), ...lines.map((line) => text(head.map((name) => cellText(line.get(name)))))].join('');
}

/** A cell reduced to what files can hold. */
export function dumpedCell({ value, float }: Cell): Dumped {
  if (float === true && typeof value === 'number') return new NumberText(pythonFloat(value));
  return dumpValue(value, undefined);
}

function cellText(cell: Cell | undefined): string {
  if (cell === undefined || cell.value === null || cell.value === undefined) return '';
  const dumped = dumpedCell(cell);
  return typeof dumped === 'string' ? dumped : pythonRepr(dumped);
}

function csvCell(text: string, alone: boolean): string {
  return /[",\r\n]/.test(text) || (alone && text === '') ? `"${text.replaceAll('"', '""')}"` : text;
}
