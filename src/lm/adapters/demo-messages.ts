import type { FieldValues } from '../../core/signatures/field-spec';
import type { SignatureSpec } from '../../core/signatures/signature-spec';

/** Opens the user message of a demo that lacks a field. */
export const INCOMPLETE_DEMO = 'This is an example of the task, though some input or output fields are not supplied.';
/** Stands for an output that an incomplete demo lacks. */
export const NOT_SUPPLIED = 'Not supplied for this particular example. ';

/** A demo in the place it takes in the prompt. */
export interface PlacedDemo {
  readonly values: FieldValues;
  readonly complete: boolean;
}

/**
 * The demos that are shown, in the order they are shown: first those that lack a field (a missing key, or `null`) but
 * have at least one input and one output, then the complete ones.
 */
export function placedDemos(spec: SignatureSpec, demos: readonly FieldValues[]): readonly PlacedDemo[] {
  const complete: PlacedDemo[] = [];
  const incomplete: PlacedDemo[] = [];
  for (const values of demos) {
    if (spec.fields.every(({ name }) => isGiven(values, name) && values[name] !== null)) {
      complete.push({ values, complete: true });
    } else if ([spec.inputs, spec.outputs].every((side) => side.some(({ name }) => isGiven(values, name)))) {
      incomplete.push({ values, complete: false });
    }
  }
  return [...incomplete, ...complete];
}

/** True when a record has a value for a field; `undefined` is JavaScript's word for "no such key". */
export function isGiven(values: FieldValues, name: string): boolean {
  return Object.hasOwn(values, name) && values[name] !== undefined;
}
