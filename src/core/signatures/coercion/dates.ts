import { LAX, type Progress, refuse } from './scalars';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATETIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt _](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-])(\d{2}):?(\d{2}))?)?$/;
const NUMBER = /^[+-]?\d+(?:\.\d*)?$/;
/** Larger timestamps are meant in milliseconds (pydantic's watershed). */
const MILLISECONDS_FROM = 2e10;
const DAY_MS = 86_400_000;

/** ISO text of a day, `2024-02-29`. Also from a moment at midnight, and from a timestamp of one. */
export function toDate(value: unknown, progress: Progress): string {
  if (typeof value === 'string' && DATE.test(value) && moment(value) !== undefined) {
    progress.exactness = LAX;
    return value;
  }
  const at = instant(value, progress);
  if (at === undefined || at % DAY_MS !== 0) return refuse(progress, 'a date like 2024-02-29', value);
  return new Date(at).toISOString().slice(0, 10);
}

/**
 * A moment as a `Date`: from ISO 8601, a day, or a timestamp in seconds or milliseconds. A text without a zone is read
 * as UTC, because a `Date` is an instant; it holds milliseconds.
 */
export function toDatetime(value: unknown, progress: Progress): Date {
  const at = instant(value, progress);
  return at === undefined ? refuse(progress, 'a date and time like 2024-02-29T13:14:15Z', value) : new Date(at);
}

function instant(value: unknown, progress: Progress): number | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
  progress.exactness = LAX;
  if (typeof value === 'string') return moment(value) ?? (NUMBER.test(value) ? timestamp(Number(value)) : undefined);
  return typeof value === 'number' ? timestamp(value) : undefined;
}

function timestamp(value: number): number | undefined {
  const at = Math.trunc(Math.abs(value) > MILLISECONDS_FROM ? value : value * 1000);
  return Math.abs(at) <= 8.64e15 ? at : undefined;
}

function moment(text: string): number | undefined {
  const parts = DATETIME.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > lastDay) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const milliseconds = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const offset = parts[9] === undefined ? 0 : Number(parts[10]) * 60 + Number(parts[11]);
  if (offset >= 24 * 60) return undefined;
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second, milliseconds);
  return local.getTime() - (parts[9] === '-' ? -offset : offset) * 60_000;
}
