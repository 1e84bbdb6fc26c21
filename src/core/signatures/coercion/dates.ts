import { dateText, writtenDate } from '../python/date-text';
import { LAX, type Progress, refuse } from './scalars';
import { type Clock, clockText, readClock, SECOND } from './texts/clock';
import { durationOf, durationText, readDuration } from './texts/duration';

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_LENGTH = 10;
// One way to read any text: with `\d+\.?\d*` a megabyte of digits and a letter takes minutes.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
/** Larger timestamps are meant in milliseconds (pydantic's watershed). */
const MILLISECONDS_FROM = 2e10;
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;
const SECONDS_A_DAY = 86_400;
const UTC_MIDNIGHT: Clock = { micros: 0, zone: 0 };

/** A day and the time on it, both as they were written. */
interface Moment {
  /** Milliseconds from 1970 to the start of the day, without any zone. */
  readonly day: number;
  readonly clock: Clock;
}

/** ISO text of a day, `2024-02-29`. Also from a moment at midnight, and from a timestamp of one. */
export function toDate(value: unknown, progress: Progress): string {
  const { day, clock } = moment(value, progress) ?? {};
  if (day === undefined || clock?.micros !== 0) return refuse(progress, 'a date like 2024-02-29', value);
  return dayText(day);
}

/**
 * A moment as a `Date`: from ISO 8601, a day, or a timestamp in seconds or milliseconds. A text without a zone is read
 * as UTC, because a `Date` is an instant; it holds milliseconds. What it cannot hold is remembered for prompts.
 */
export function toDatetime(value: unknown, progress: Progress): Date {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
  const found = moment(value, progress);
  if (found === undefined) return refuse(progress, 'a date and time like 2024-02-29T13:14:15Z', value);
  const { day, clock } = found;
  const at = day + Math.floor(clock.micros / 1000) - (clock.zone ?? 0) * 60_000;
  return writtenDate(at, `${dayText(day)}T${clockText(clock)}`);
}

/** ISO text of a time of day, `13:14:15`; a number is seconds since midnight UTC. */
export function toTime(value: unknown, progress: Progress): string {
  progress.exactness = LAX;
  const clock = typeof value === 'string' ? readClock(value) : typeof value === 'number' ? clockAt(value) : undefined;
  return clock === undefined ? refuse(progress, 'a time like 13:14:15', value) : clockText(clock);
}

/** ISO text of a length of time, `PT1H30M`; a number is seconds. */
export function toTimedelta(value: unknown, progress: Progress): string {
  progress.exactness = LAX;
  const isNumber = typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
  const duration = typeof value === 'string' ? readDuration(value) : isNumber ? durationOf(Number(value)) : undefined;
  return duration === undefined ? refuse(progress, 'a duration like PT1H30M', value) : durationText(duration);
}

function moment(value: unknown, progress: Progress): Moment | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : readMoment(dateText(value));
  progress.exactness = LAX;
  if (typeof value === 'string') return readMoment(value) ?? (NUMBER.test(value) ? momentAt(Number(value)) : undefined);
  return typeof value === 'number' || typeof value === 'bigint' ? momentAt(Number(value)) : undefined;
}

function readMoment(text: string): Moment | undefined {
  const day = readDay(text.slice(0, DAY_LENGTH));
  if (day === undefined) return undefined;
  if (text.length === DAY_LENGTH) return { day, clock: { micros: 0, zone: undefined } };
  const clock = 'Tt _'.includes(text.charAt(DAY_LENGTH)) ? readClock(text.slice(DAY_LENGTH + 1)) : undefined;
  return clock && { day, clock };
}

function momentAt(timestamp: number): Moment | undefined {
  const isSeconds = Math.abs(timestamp) <= MILLISECONDS_FROM;
  const unit = isSeconds ? 1 : 1000;
  const seconds = Math.floor(timestamp / unit);
  if (!(seconds >= FIRST_SECOND && seconds <= LAST_SECOND)) return undefined;
  const rest = Math.round(((timestamp - seconds * unit) * SECOND) / unit);
  const intoDay = ((seconds % SECONDS_A_DAY) + SECONDS_A_DAY) % SECONDS_A_DAY;
  return { day: (seconds - intoDay) * 1000, clock: { ...UTC_MIDNIGHT, micros: intoDay * SECOND + rest } };
}

function clockAt(seconds: number): Clock | undefined {
  const inRange = seconds >= 0 && seconds < SECONDS_A_DAY;
  return inRange ? { ...UTC_MIDNIGHT, micros: Math.round(seconds * SECOND) } : undefined;
}

function readDay(text: string): number | undefined {
  const [year = 0, month = 0, day = 0] = (DAY.exec(text) ?? []).slice(1).map(Number);
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > lastDay) return undefined;
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

function dayText(day: number): string {
  return new Date(day).toISOString().slice(0, DAY_LENGTH);
}
