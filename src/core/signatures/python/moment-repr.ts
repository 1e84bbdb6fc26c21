import { readDuration } from '../coercion/texts/duration';

const DATETIME = /^(\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)?$/;
const TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?$/;
const DAY = 86_400;

/** ISO text of a moment as Python's `str()` prints it: a blank for the T. */
export function datetimeStr(iso: string): string {
  return iso.replace('T', ' ').replace('Z', '+00:00');
}

/** ISO text of a moment as Python's `repr` prints it: `datetime.datetime(2024, 2, 29, 13, 14)`. */
export function datetimeRepr(iso: string): string {
  const [, year, month, day, hour, minute, second, fraction, zone] = DATETIME.exec(iso) ?? [];
  if (year === undefined) return iso;
  const parts = [year, month, day, hour, minute].map(Number);
  return `datetime.datetime(${[...parts, ...secondParts(second, fraction), ...zoneParts(zone)].join(', ')})`;
}

/** ISO text of a day: `datetime.date(2024, 2, 29)`. */
export function dateRepr(iso: string): string {
  return `datetime.date(${iso.split('-').map(Number).join(', ')})`;
}

/** ISO text of a time of day: `datetime.time(13, 14)`. */
export function timeRepr(iso: string): string {
  const [, hour, minute, second, fraction] = TIME.exec(iso) ?? [];
  if (hour === undefined) return iso;
  return `datetime.time(${[Number(hour), Number(minute), ...secondParts(second, fraction)].join(', ')})`;
}

/** ISO text of a length of time as Python's `str()` prints it: `1 day, 2:03:04.500000`. */
export function timedeltaStr(iso: string): string {
  const parts = timedeltaParts(iso);
  if (parts === undefined) return iso;
  const { days, seconds, micros } = parts;
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const whole = days === 0 ? clock : `${days} day${Math.abs(days) === 1 ? '' : 's'}, ${clock}`;
  return micros === 0 ? whole : `${whole}.${String(micros).padStart(6, '0')}`;
}

/** ISO text of a length of time as Python's `repr` prints it: `datetime.timedelta(days=1, seconds=90)`. */
export function timedeltaRepr(iso: string): string {
  const parts = timedeltaParts(iso);
  if (parts === undefined) return iso;
  const named = [
    ['days', parts.days],
    ['seconds', parts.seconds],
    ['microseconds', parts.micros],
  ].filter(([, value]) => value !== 0);
  const inner = named.map(([name, value]) => `${name}=${value}`).join(', ');
  return `datetime.timedelta(${inner === '' ? '0' : inner})`;
}

/** Python keeps only the days negative. */
function timedeltaParts(iso: string) {
  const duration = readDuration(iso);
  if (duration === undefined) return undefined;
  const borrowed = duration.micros < 0 ? 1 : 0;
  const seconds = duration.seconds - borrowed;
  const days = Math.floor(seconds / DAY);
  return { days: days + 0, seconds: seconds - days * DAY, micros: duration.micros + borrowed * 1_000_000 };
}

/** Second and microsecond, as far as they are not zero. */
function secondParts(second = '0', fraction = ''): readonly number[] {
  const micros = Number(fraction.padEnd(6, '0'));
  if (micros !== 0) return [Number(second), micros];
  return Number(second) === 0 ? [] : [Number(second)];
}

function zoneParts(zone: string | undefined): readonly string[] {
  if (zone === undefined) return [];
  const [hours = '0', minutes = '0'] = zone === 'Z' ? [] : zone.slice(1).split(':');
  const offset = (Number(hours) * 3600 + Number(minutes) * 60) * (zone.startsWith('-') ? -1 : 1);
  if (offset === 0) return ['tzinfo=datetime.timezone.utc'];
  const inner = offset < 0 ? `days=-1, seconds=${offset + DAY}` : `seconds=${offset}`;
  return [`tzinfo=datetime.timezone(datetime.timedelta(${inner}))`];
}
