import { pythonJson } from '../../core/signatures/python/json-text';
import type { RowResult } from '../evaluate/row-result';
import { mergedRow } from './merged-row';
import { dumpedCell } from './rows-csv';

/** Rows as a JSON array of objects, to the byte as the reference writes them (`json.dump`, ASCII only). */
export function rowsJson(rows: readonly RowResult<object>[], metricName: string): string {
  const objects = rows.map((row) => {
    const cells = [...mergedRow(row, metricName)];
    return new Map(cells.map(([name, cell]) => [name, dumpedCell(cell)] as const));
  });
  return pythonJson(objects).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
