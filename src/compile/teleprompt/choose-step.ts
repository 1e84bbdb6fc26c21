import { createHash } from 'node:crypto';
import type { FieldValues } from '../../core/signatures/field-spec';
import { canonicalJson } from '../../core/util/canonical-json';
import { PythonRandom } from '../../core/util/python-random';

/**
 * Chooses which of several calls of one predictor becomes the demo of an example: the place in `steps`, which are
 * complete demos in the order of the calls. `index` is the example's place in the trainset.
 */
export type ChooseStep = (
  steps: readonly FieldValues[],
  at: { readonly predictor: string; readonly index: number },
) => number;

/**
 * With probability 1/2 the last call, else a random earlier one. The draw depends on the demos alone, so it is the same
 * in every run. (The reference seeds its draw with a hash of a Python pickle, which only Python can compute; the odds
 * are equal, the draws are not.)
 */
export const chooseStepByContent: ChooseStep = (steps) => {
  const hash = createHash('sha256').update(canonicalJson(steps)).digest('hex');
  const random = new PythonRandom(hash);
  const last = steps.length - 1;
  return random.random() < 0.5 ? random.randbelow(last) : last;
};
