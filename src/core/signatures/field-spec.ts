import { inferPrefix } from './infer-prefix';
import { type Constraint, sameType, type TypeSpec } from './type-spec';

/** Values of fields by name: inputs, outputs, or a demo with both. */
export type FieldValues = Readonly<Record<string, unknown>>;

/** One field of a signature. Immutable. */
export interface FieldSpec {
  readonly name: string;
  readonly role: 'input' | 'output';
  readonly type: TypeSpec;
  /** Shown to the LM; the placeholder `${name}` stands for "none given" (DSPy's spelling). */
  readonly desc: string;
  /** Label of the field in saved programs, for example `Question:`. No prompt shows it. */
  readonly prefix: string;
  /** Bounds, in the order they were declared. */
  readonly constraints: readonly Constraint[];
  /** Used when an input is not given or an output not answered. */
  readonly default?: { readonly value: unknown };
  /** What a missing optional value becomes: `undefined` for `x?: T` of a class, else `null`. */
  readonly absent: null | undefined;
  /** True for a field of a string signature written without a type. */
  readonly untyped: boolean;
}

/** A field from the few things that must be said; the rest gets DSPy's defaults. */
export function fieldSpec(
  given: Pick<FieldSpec, 'name' | 'role' | 'type'> & Partial<Omit<FieldSpec, 'name' | 'role' | 'type'>>,
): FieldSpec {
  return Object.freeze({
    desc: `\${${given.name}}`,
    prefix: `${inferPrefix(given.name)}:`,
    constraints: [],
    absent: null,
    untyped: false,
    ...given,
  });
}

/** The description to show, empty when none was given. */
export function shownDesc(field: FieldSpec): string {
  return field.desc === `\${${field.name}}` ? '' : field.desc;
}

/** The same facts about both fields. */
export function sameField(left: FieldSpec, right: FieldSpec): boolean {
  const facts = ({ type: _type, ...rest }: FieldSpec) => JSON.stringify(Object.entries(rest).sort());
  return left === right || (facts(left) === facts(right) && sameType(left.type, right.type));
}
