import { UnprintableValueError } from '../../errors/value-errors';

const ISO_MILLISECONDS = /\.(\d{3})Z$/;

/** What a `Date` cannot hold of a moment: its zone or the lack of one, and microseconds. It is kept beside the `Date`. */
const written = new WeakMap<Date, { readonly at: number; readonly text: string }>();

/** A `Date` that remembers how its moment was written, so that prompts show it as the reference would. */
export function writtenDate(at: number, text: string): Date {
  const date = new Date(at);
  written.set(date, { at, text });
  return date;
}

/**
 * ISO 8601 as pydantic writes it, six digits of a second or none: with the zone in which the moment was answered, else in
 * UTC. `2024-02-29T13:14:15+02:00`, `2024-02-29T11:14:15Z`; without zone when the answer had none.
 */
export function dateText(date: Date): string {
  const at = date.getTime();
  if (Number.isNaN(at)) throw new UnprintableValueError('the Date is invalid');
  const known = written.get(date);
  if (known?.at === at) return known.text; // a Date may be set to another moment
  return date.toISOString().replace(ISO_MILLISECONDS, (_, ms: string) => (ms === '000' ? 'Z' : `.${ms}000Z`));
}
