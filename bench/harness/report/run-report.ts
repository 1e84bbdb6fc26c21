import type { Machine } from '../run/machine';
import type { RowResult } from '../run/row-run';

/** A whole run. */
export interface RunReport {
  readonly machine: Machine;
  /** `npm run bench -- P1 E3` */
  readonly command: string;
  readonly seconds: number;
  /** `dspex 0.1.0`, `DSPy 3.4.1, Python 3.12` ... of those that took part, and why others did not. */
  readonly contestants: Readonly<Record<string, string>>;
  readonly results: readonly RowResult[];
  /** Rows that were asked for and are not measured yet. */
  readonly left: readonly string[];
}

/** Every round of every figure, for programs. */
export function jsonReport(report: RunReport): string {
  return `${JSON.stringify(report, null, 1)}\n`;
}
