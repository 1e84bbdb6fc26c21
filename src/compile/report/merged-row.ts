import type { RowResult } from '../evaluate/row-result';

/** A cell of a row: a value, and whether a number is a float although it is whole. */
export interface Cell {
  readonly value: unknown;
  readonly float?: boolean;
}

/**
 * One line of table, CSV or JSON: the fields of row and prediction, those they share told apart by `example_` and
 * `pred_`, and the score in a column named after the metric (DSPy: `merge_dicts`).
 */
export function mergedRow(row: RowResult<object>, metricName: string): Map<string, Cell> {
  const { prediction } = row;
  const fields =
    row.kind === 'unavailable' || row.failedIn !== undefined
      ? {}
      : typeof prediction === 'object' && prediction !== null
        ? prediction
        : { prediction };
  const cells = mergedFields(row.example, fields);
  cells.set(metricName, scoreCell(row));
  return cells;
}

/** The fields of both records; a name they share becomes `example_NAME` and `pred_NAME`. */
export function mergedFields(example: object, prediction: object): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const [name, value] of Object.entries(example)) {
    cells.set(Object.hasOwn(prediction, name) ? `example_${name}` : name, { value });
  }
  for (const [name, value] of Object.entries(prediction)) {
    cells.set(Object.hasOwn(example, name) ? `pred_${name}` : name, { value });
  }
  return cells;
}

/** What the metric returned, as it was returned: `true` stays `true`. A failure's score is a float, as in the reference. */
function scoreCell(row: RowResult): Cell {
  if (row.kind === 'unavailable') return { value: null };
  if (row.kind === 'failed') return { value: row.score, float: true };
  return { value: typeof row.metricResult === 'boolean' ? row.metricResult : row.score };
}
