import type { Check } from '../row';
import type { Estimate } from '../statistics';

/** Three digits that count, and thousands with a comma: `0.00123`, `1.5`, `12.3`, `1,230`. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** `12.3 (11.9 to 12.8)`; only the figure where every round said the same. */
export function estimate({ value, low, high }: Estimate): string {
  return low === high ? digits(value) : `${digits(value)} (${digits(low)} to ${digits(high)})`;
}

/** `>= 8`, `<= 1.5`; nothing where there is no gate. */
export function gateOf(check: Check): string {
  const atLeast = 'atLeast' in check ? check.atLeast : undefined;
  const parts = [
    ...(atLeast === undefined ? [] : [`>= ${digits(atLeast)}`]),
    ...(check.atMost === undefined ? [] : [`<= ${digits(check.atMost)}`]),
  ];
  return parts.join(', ');
}

const UNITS: Readonly<Record<string, string>> = {
  us: 'us',
  cpuUs: 'us of CPU',
  perSecond: 'a second',
  mbPerSecond: 'MB a second',
  bytesPerCall: 'bytes a call',
  ms: 'ms',
};

const SUFFIXES: readonly (readonly [suffix: string, unit: string])[] = [
  ['Us', 'us'],
  ['Ms', 'ms'],
  ['Mb', 'MB'],
  ['Bytes', 'bytes'],
];

/** What a figure is counted in, and what is left of its name: `us of CPU`, `ms, p99`. */
export function unitOf(figure: string): string {
  const known = UNITS[figure];
  if (known !== undefined) return known;
  const [suffix, unit] = SUFFIXES.find(([end]) => figure.endsWith(end)) ?? ['', ''];
  return unit === '' ? figure : `${unit}, ${figure.slice(0, -suffix.length)}`;
}
