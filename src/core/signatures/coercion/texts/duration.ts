import { microsOf, SECOND } from './clock';

const ISO = /^([+-]?)P([^T]*)(?:T(.*))?$/;
const PARTS = /^(?:\d+(?:[.,]\d+)?[A-Z])*$/;
const PART = /(\d+)(?:[.,](\d+))?([A-Z])/g;
const CLOCK =
  /^([+-]?)(?:(\d+) ?(?:d|days?)(?:, ?| |$))?(?:(?:(\d+):(\d{2}):(\d{2})(?:[.,](\d+))?)|(\d{2,}):(\d{2}))?$/i;
const DAY = 86_400;
const YEAR = 365 * DAY;
const DAYS: Readonly<Record<string, number>> = { Y: YEAR, M: 30 * DAY, W: 7 * DAY, D: DAY };
const HOURS: Readonly<Record<string, number>> = { H: 3600, M: 60, S: 1 };
/** Python's longest. */
const MAX_SECONDS = 999_999_999 * DAY;

/** A length of time: whole seconds and microseconds, both with its sign. */
export interface Duration {
  readonly seconds: number;
  readonly micros: number;
}

/** From ISO 8601 (`P1DT2H`, a year has 365 days and a month 30) or a clock (`1 day, 2:03:04`). */
export function readDuration(text: string): Duration | undefined {
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, sign, days = '', hours = ''] = iso;
    if (days === '' && hours === '') return undefined;
    const parts = [...partsOf(days, DAYS), ...partsOf(hours, HOURS)];
    return parts.includes(undefined) ? undefined : sum(parts as Duration[], sign === '-');
  }
  const clock = CLOCK.exec(text);
  if (clock === null || text === '' || /^[+-]$/.test(text)) return undefined;
  const [, sign, days = 0, hours, minutes, seconds, fraction = '', longHours, longMinutes] = clock;
  const minute = Number(minutes ?? longMinutes ?? 0);
  if (minute > 59 || Number(seconds ?? 0) > 59) return undefined;
  const whole = Number(days) * DAY + Number(hours ?? longHours ?? 0) * 3600 + minute * 60 + Number(seconds ?? 0);
  return sum([{ seconds: whole, micros: microsOf(fraction) }], sign === '-');
}

/** A length of time given in seconds. */
export function durationOf(seconds: number): Duration | undefined {
  const whole = Math.trunc(seconds);
  return sum([{ seconds: whole, micros: Math.round((seconds - whole) * SECOND) }], false);
}

/** As pydantic writes it: `P1Y35DT1H2M3.5S`, `-PT1.5S`, `PT0S`. */
export function durationText({ seconds, micros }: Duration): string {
  const size = Math.abs(seconds);
  const [years, days] = [Math.floor(size / YEAR), Math.floor((size % YEAR) / DAY)];
  const [hours, minutes] = [Math.floor((size % DAY) / 3600), Math.floor((size % 3600) / 60)];
  const fraction = String(Math.abs(micros)).padStart(6, '0').replace(/0+$/, '');
  const rest = `${size % 60}${fraction === '' ? '' : `.${fraction}`}`;
  const part = (value: number | string, unit: string) => (Number(value) === 0 ? '' : `${value}${unit}`);
  const day = `${part(years, 'Y')}${part(days, 'D')}`;
  const time = `${part(hours, 'H')}${part(minutes, 'M')}${part(rest, 'S')}`;
  const sign = seconds < 0 || micros < 0 ? '-' : '';
  return `${sign}P${day}${time === '' ? (day === '' ? 'T0S' : '') : `T${time}`}`;
}

function partsOf(text: string, units: Readonly<Record<string, number>>): (Duration | undefined)[] {
  if (!PARTS.test(text)) return [undefined];
  return [...text.matchAll(PART)].map(([, whole = '', fraction = '', unit = '']) => {
    const size = units[unit];
    if (size === undefined) return undefined;
    const part = Math.floor(microsOf(fraction) * size);
    return { seconds: Number(whole) * size + Math.floor(part / SECOND), micros: part % SECOND };
  });
}

function sum(parts: readonly Duration[], negative: boolean): Duration | undefined {
  const micros = parts.reduce((total, part) => total + part.micros, 0);
  const carried = Math.trunc(micros / SECOND);
  const seconds = parts.reduce((total, part) => total + part.seconds, carried);
  if (!(Math.abs(seconds) <= MAX_SECONDS)) return undefined;
  const sign = negative ? -1 : 1;
  return { seconds: sign * seconds + 0, micros: sign * (micros % SECOND) + 0 };
}
