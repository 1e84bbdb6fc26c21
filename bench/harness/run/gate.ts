import { digits } from '../report/words';
import type { Estimate } from '../statistics';
import type { Judged } from '../verdict';
import type { RowResult } from './row-run';

/** Checks whose whole interval lies past their gate. */
export function notMet({ checks }: RowResult): readonly Judged[] {
  return checks.filter(({ verdict }) => verdict === 'not met');
}

/** The row with its failed checks judged by a second measurement, which had more rounds; the others as they were. */
export function withRetry(first: RowResult, second: RowResult): RowResult {
  const again = new Map(second.checks.map((judged) => [judged.check, judged]));
  return {
    ...first,
    checks: first.checks.map((judged) => again.get(judged.check) ?? judged),
    missing: [...first.missing, ...second.missing.filter(({ failed }) => failed)],
    seconds: first.seconds + second.seconds,
    retried: second.checks.map(({ check }) => check.name),
  };
}

/**
 * Why a run fails: what should have worked and did not; with `gate`, what lies past its gate; with `requireAll` also what
 * could not be measured. One sentence each.
 */
export function failuresOf(
  results: readonly RowResult[],
  { gate, requireAll }: { readonly gate: boolean; readonly requireAll: boolean },
): string[] {
  return results.flatMap((result) => {
    const { id } = result.row;
    const broken = result.missing
      .filter(({ failed }) => failed)
      .map(
        ({ contestant, case: name, why }) =>
          `${id}${name === undefined ? '' : `, '${name}'`}: ${contestant} failed: ${firstLine(why)}`,
      );
    const past = gate ? notMet(result).map((judged) => `${id}: ${sentence(judged)}`) : [];
    const unknown = result.checks.filter(({ verdict }) => requireAll && verdict === 'not measured');
    return [...broken, ...past, ...unknown.map(({ check, why }) => `${id}: '${check.name}' was not measured: ${why}.`)];
  });
}

function sentence({ check, estimate }: Judged): string {
  const { value, low, high } = estimate as Estimate;
  const atLeast = 'atLeast' in check ? check.atLeast : undefined;
  const [side, bound] =
    atLeast !== undefined && high < atLeast ? ['at least', atLeast] : ['at most', check.atMost as number];
  const off = Math.abs(value / bound - 1) * 100;
  return `'${check.name}' is ${digits(value)} (${digits(low)} to ${digits(high)}) and must be ${side} ${digits(bound)}: ${off.toFixed(0)} % past its gate.`;
}

const firstLine = (text: string) => text.split('\n')[0] ?? '';
