import { ExampleInputsError } from '../errors/data-errors';
import type { FieldValues } from '../signatures/field-spec';
import { defineFields } from '../util/define-fields';

const INPUT_KEYS: unique symbol = Symbol('dspex.inputKeys');

/** Names of fields known to the type system. */
type KeyOf<T> = Extract<keyof T, string>;

/**
 * A row of data: its fields are plain properties. `K` are the names of its inputs. A field called like a method wins;
 * the functions of the `Example` object always reach the methods.
 */
export type Example<T extends object = FieldValues, K extends KeyOf<T> = KeyOf<T>> = Readonly<T> &
  Omit<ExampleRow<T, K>, NamedKeys<T>>;

/** Fields that a type names; rows of a type without names, such as `Record<string, string>`, keep the methods. */
type NamedKeys<T> = keyof { [P in keyof T as string extends P ? never : P]: P };

/** What a row can do. */
export class ExampleRow<T extends object, K extends KeyOf<T>> {
  /** Static types only; there is no such property at run time. */
  declare readonly $inputs: { readonly [P in K]: T[P] };

  constructor(fields: object, inputKeys?: readonly string[]) {
    defineFields(this, fields, false);
    Object.defineProperty(this, INPUT_KEYS, { value: inputKeys && Object.freeze([...inputKeys]) });
    Object.freeze(this);
  }

  /** The same row with these fields marked as the program's inputs; the rest are labels. */
  withInputs<N extends KeyOf<T>>(...names: N[]): Example<T, N> {
    return Example.withInputs(this as object as T, ...names);
  }

  /** The fields a program is called with. Throws `ExampleInputsError` when none were marked. */
  inputs(): { readonly [P in K]: T[P] } {
    return Example.inputs<{ readonly [P in K]: T[P] }>(this);
  }

  /** The fields that are not inputs. */
  labels(): Omit<T, K> {
    return Example.labels(this) as Omit<T, K>;
  }
}

/** Makes a row of data: `example({ question, answer }).withInputs('question')`. Immutable. */
export function example<T extends object>(fields: T): Example<T> {
  return new ExampleRow<T, KeyOf<T>>(fields) as object as Example<T>;
}

/** The same operations as functions, for rows from elsewhere and rows with a field called `inputs`. */
export const Example = {
  /** A row from any record of fields, for example a prediction. */
  from<T extends object>(fields: T): Example<T> {
    return example(fields);
  },

  withInputs<T extends object, N extends KeyOf<T>>(row: T, ...names: N[]): Example<T, N> {
    const missing = names.filter((name) => !Object.hasOwn(row, name));
    if (missing.length > 0) throw new ExampleInputsError(`has no field '${missing.join("', '")}'`, Object.keys(row));
    return new ExampleRow<T, N>(row, names) as object as Example<T, N>;
  },

  /** Names of the inputs, or `undefined` when none were marked. */
  inputKeys(row: object): readonly string[] | undefined {
    return (row as { [INPUT_KEYS]?: readonly string[] })[INPUT_KEYS];
  },

  inputs<I extends object = FieldValues>(row: { readonly $inputs?: I } & object): I {
    const keys = markedKeys(row);
    return pick(row, (name) => keys.includes(name)) as I;
  },

  labels(row: object): FieldValues {
    const keys = markedKeys(row);
    return pick(row, (name) => !keys.includes(name));
  },
} as const;

function markedKeys(row: object): readonly string[] {
  const keys = Example.inputKeys(row);
  if (keys !== undefined) return keys;
  throw new ExampleInputsError('does not say which of its fields are inputs', Object.keys(row));
}

function pick(row: object, wanted: (name: string) => boolean): FieldValues {
  return Object.fromEntries(Object.entries(row).filter(([name]) => wanted(name)));
}
