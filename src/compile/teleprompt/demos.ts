import { isDeepStrictEqual } from 'node:util';
import type { FieldValues } from '../../core/signatures/field-spec';

/** A row as a demonstration: its fields, frozen. */
export function demoOf(row: object): FieldValues {
  return Object.freeze({ ...row });
}

/** True when two rows have the same fields with the same values, whatever their order and class. */
export function sameFields(a: object, b: object): boolean {
  return isDeepStrictEqual({ ...a }, { ...b });
}
