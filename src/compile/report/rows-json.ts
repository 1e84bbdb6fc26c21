import { pythonJson } from '../../core/signatures/python/json-text';
import type { RowResult } from '../evaluate/row-result';
import { mergedRow } from './merged-row';
import { dumpedCell } from './rows-csv';

/** Rows as a JSON array of objects, to the byte as the reference writes them (`json.dump`, ASCII only). */
export function rowsJson(rows: readonly RowResult<object>[], metricName: string): string {
  return `[${rows.map((row) => rowJson(row, metricName)).join(', ')}]`;
}

/** One object of them. */
export function rowJson(row: RowResult<object>, metricName: string): string {
  const cells = [...mergedRow(row, metricName)].map(([name, cell]) => [name, dumpedCell(cell)] as const);
  return pythonJson(new Map(cells)).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
