import type { Check, Measured, RatioCheck, SlopeCheck } from './row';
import { type Estimate, medianOf, type Rounds, ratioOfMedians, slopeOfMedians } from './statistics';

/**
 * `met`: the whole interval is on the right side of the gate. `not met`: all of it is past it, and only this fails a gate. `open`: the
 * gate lies within. `reported`: there is no gate. `not measured`: a contestant is not there, or its figure says nothing.
 */
export type Verdict = 'met' | 'not met' | 'open' | 'reported' | 'not measured';

/** A check and what was found. */
export interface Judged {
  readonly check: Check;
  readonly verdict: Verdict;
  readonly estimate?: Estimate;
  /** Whether the aim is reached, by the same rule as the gate. */
  readonly aim?: Verdict;
  /** Why it was not measured. */
  readonly why?: string;
}

/** The rounds of a quantity, or why there are none. */
export type RoundsOf = (measured: Measured) => Rounds | string;

/** The x of a case on the axis of a slope. */
export type ParameterOf = (caseName: string, parameter: string) => number;

/** Judges a check by what was measured. */
export function judge(check: Check, roundsOf: RoundsOf, parameterOf: ParameterOf): Judged {
  const estimate = 'over' in check ? ratio(check, roundsOf) : slope(check, roundsOf, parameterOf);
  if (typeof estimate === 'string') return { check, verdict: 'not measured', why: estimate };
  if (![estimate.value, estimate.low, estimate.high].every(Number.isFinite)) {
    return { check, verdict: 'not measured', why: `the figures give ${estimate.value}` };
  }
  const { atMost, aim } = check;
  const atLeast = 'atLeast' in check ? check.atLeast : undefined;
  const judged = { check, estimate, verdict: verdictOf(estimate, atLeast, atMost) };
  if (aim === undefined) return judged;
  return { ...judged, aim: atLeast === undefined ? verdictOf(estimate, undefined, aim) : verdictOf(estimate, aim) };
}

function verdictOf({ low, high }: Estimate, atLeast?: number, atMost?: number): Verdict {
  if (atLeast === undefined && atMost === undefined) return 'reported';
  if (high < (atLeast ?? -Infinity) || low > (atMost ?? Infinity)) return 'not met';
  return low >= (atLeast ?? -Infinity) && high <= (atMost ?? Infinity) ? 'met' : 'open';
}

function ratio({ over, under }: RatioCheck, roundsOf: RoundsOf): Estimate | string {
  const above = roundsOf(over);
  if (typeof above === 'string') return above;
  if (under === undefined) return medianOf(above);
  const below = roundsOf(under);
  return typeof below === 'string' ? below : ratioOfMedians(above, below);
}

function slope(check: SlopeCheck, roundsOf: RoundsOf, parameterOf: ParameterOf): Estimate | string {
  const points: { x: number; rounds: Rounds }[] = [];
  for (const name of check.cases) {
    const rounds = roundsOf({ case: name, contestant: check.contestant, figure: check.figure });
    if (typeof rounds === 'string') return rounds;
    points.push({ x: parameterOf(name, check.parameter), rounds });
  }
  return slopeOfMedians(points);
}
