/**
 * A schema of any library that follows Standard Schema (Zod, Valibot, ArkType and others; standardschema.dev). Declared
 * here as a type, so that nothing needs to be installed.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    /** Static types only. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    /** The JSON Schema of the values, where the library has it (Standard JSON Schema). */
    readonly jsonSchema?: { readonly input: (options: { readonly target: 'draft-2020-12' }) => object } | undefined;
  };
}

/** A value, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The values that a schema gives. */
export type SchemaOutput<S> = S extends { readonly '~standard': { readonly types?: infer T } }
  ? NonNullable<T> extends { readonly output: infer O }
    ? O
    : unknown
  : never;

/** True for a schema, whatever library made it; some are functions. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  const holds = (typeof value === 'object' && value !== null) || typeof value === 'function';
  const standard: unknown = holds ? Reflect.get(value, '~standard') : undefined;
  return typeof standard === 'object' && standard !== null && 'validate' in standard;
}
