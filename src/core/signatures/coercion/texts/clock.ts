const CLOCK = /^(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:([Zz])|([+\-\u2212])(\d{2}):?(\d{2}))?$/;

/** A time of day as it was written. */
export interface Clock {
  /** Microseconds since midnight. */
  readonly micros: number;
  /** Minutes ahead of UTC; none when no zone was written. */
  readonly zone: number | undefined;
}

export const SECOND = 1_000_000;

/** A time of day in ISO 8601, with hours and minutes at least. Digits after the sixth of a second are dropped. */
export function readClock(text: string): Clock | undefined {
  const [, hour, minute, second = '0', fraction = '', utc, sign, zoneHour, zoneMinute] = CLOCK.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(zoneHour ?? 0) > 23 || Number(zoneMinute ?? 0) > 59) return undefined;
  const micros = (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * SECOND + microsOf(fraction);
  if (utc !== undefined) return { micros, zone: 0 };
  if (sign === undefined) return { micros, zone: undefined };
  const ahead = Number(zoneHour) * 60 + Number(zoneMinute);
  return { micros, zone: sign === '+' ? ahead : -ahead };
}

/** The digits of a fraction of a second as microseconds. */
export function microsOf(fraction: string): number {
  return Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** As pydantic writes it: `13:14:15`, `13:14:15.500000Z`, `13:14:15+02:00`. */
export function clockText({ micros, zone }: Clock): string {
  const seconds = Math.floor(micros / SECOND);
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits).join(':');
  const rest = micros % SECOND;
  return `${time}${rest === 0 ? '' : `.${String(rest).padStart(6, '0')}`}${zoneText(zone)}`;
}

function zoneText(zone: number | undefined): string {
  if (zone === undefined || zone === 0) return zone === 0 ? 'Z' : '';
  const size = Math.abs(zone);
  return `${zone < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
