import { InvalidOptionError } from '../../../core/errors/option-errors';
import { Example } from '../../../core/primitives/example';
import type { Items } from '../../runs/executor';

/** Rows that are all there, or come one by one, from a generator, `readJsonl` or any other iterable. */
export type DevsetRows<R> = readonly R[] | Items<R>;

/** Rows to evaluate on, or a function that gives them anew for each call. */
export type Devset<R> = DevsetRows<R> | (() => DevsetRows<R> | Promise<DevsetRows<R>>);

export const DEVSET_EXPECTED = 'an array or another iterable of examples, or a function that gives one';

/** True for what may be a devset. A text is iterable, and no devset. */
export function isDevset(devset: unknown): boolean {
  return typeof devset === 'function' || isRows(devset);
}

/** The rows of one call. Throws `ExampleInputsError` for a row of an array without marked inputs, and what the function throws. */
export async function openDevset<R extends object>(devset: Devset<R>): Promise<DevsetRows<R>> {
  const rows = typeof devset === 'function' ? await devset() : devset;
  if (!isRows(rows)) throw new InvalidOptionError('Evaluate', 'devset', rows, DEVSET_EXPECTED);
  if (!Array.isArray(rows)) return rows;
  // Named before anything is spent, which cannot be where rows are read as others are worked off.
  for (const row of rows) if (Example.inputKeys(row) === undefined) Example.inputs(row);
  return rows;
}

function isRows(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}
