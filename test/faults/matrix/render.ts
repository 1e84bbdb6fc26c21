import type { FaultRow } from './fault-row';
import { MATRIX_ROWS, type MatrixRow } from './rows';

/** One test of a row, as it ran. */
export interface RowResult extends FaultRow {
  readonly passed: boolean;
}

export interface Matrix {
  readonly lines: readonly string[];
  /** Rows that nothing tested, other than those of later parts. */
  readonly missing: readonly number[];
}

const FAULT_WIDTH = 40;
const ATTEMPTS_WIDTH = 14;

/** The fault matrix as lines of text: each row, what happened in each of its tests, requests that were seen, pass or FAIL. */
export function renderMatrix(results: readonly RowResult[], rows: readonly MatrixRow[] = MATRIX_ROWS): Matrix {
  const byRow = new Map<number, RowResult[]>();
  for (const result of results) byRow.set(result.row, [...(byRow.get(result.row) ?? []), result]);
  const missing = rows.filter(({ row, later }) => !later && !byRow.has(row)).map(({ row }) => row);
  const lines = rows.flatMap(({ row, fault, later }) => {
    const head = `${String(row).padStart(3)}  ${fault.padEnd(FAULT_WIDTH)}`;
    const tests = byRow.get(row);
    if (tests === undefined) return [`${head}${' '.repeat(ATTEMPTS_WIDTH)}${later ? 'later' : 'MISSING'}`];
    const verdict = tests.every(({ passed }) => passed) ? 'pass' : 'FAIL';
    return [
      `${head}${attemptsOf(tests).padEnd(ATTEMPTS_WIDTH)}${verdict}`,
      ...tests.map(({ title, happened, passed }) => `     ${passed ? '-' : 'x'} ${title}: ${happened}`),
    ];
  });
  return {
    lines: [`row  ${'fault'.padEnd(FAULT_WIDTH)}${'attempts'.padEnd(ATTEMPTS_WIDTH)}result`, ...lines],
    missing,
  };
}

/** How soon the leak gates found nothing left. */
export function renderSettling(results: readonly RowResult[]): string {
  const times = results.flatMap(({ settledMs }) => (settledMs === undefined ? [] : [settledMs]));
  const late = times.filter((ms) => ms > 100);
  const rest = late.length === 0 ? '' : `, ${late.length} took up to ${Math.max(...late)} ms on this machine`;
  return `leak gates: nothing left 100 ms after ${times.length - late.length} of ${times.length} tests${rest}`;
}

function attemptsOf(tests: readonly RowResult[]): string {
  const seen = tests.flatMap(({ attempts }) => (attempts === undefined ? [] : [String(attempts)]));
  const text = [...new Set(seen)].join(', ');
  return text.length < ATTEMPTS_WIDTH ? text : `${text.slice(0, ATTEMPTS_WIDTH - 4)}...`;
}
