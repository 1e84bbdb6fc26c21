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
  ms: 'ms',
  rssBytes: 'bytes RSS',
};

/** What a figure is counted in. */
export function unitOf(figure: string): string {
  return UNITS[figure] ?? figure;
}
