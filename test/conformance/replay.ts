import { DEVIATIONS } from './deviations';
import { NotApplicable } from './not-applicable';
import type { Outcome, Suite, Vector } from './suite';

/** Replays one vector; a difference that a numbered deviation explains is reported as that deviation. */
export async function replayVector(suite: Suite, vector: Vector): Promise<Outcome> {
  let outcome: Outcome;
  try {
    outcome = await suite.replay(vector);
  } catch (error) {
    if (error instanceof NotApplicable) return { kind: 'not-applicable', reason: error.reason };
    outcome = { kind: 'different', expected: vector.expect, actual: error instanceof Error ? error.stack : error };
  }
  if (outcome.kind !== 'different') return outcome;
  const deviation = DEVIATIONS.find((each) => each.applies(vector));
  return deviation === undefined ? outcome : { kind: 'deviation', id: deviation.id };
}
