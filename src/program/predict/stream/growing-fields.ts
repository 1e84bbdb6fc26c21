import { ValueParseError } from '../../../core/errors/value-errors';
import { parseValue } from '../../../core/signatures/coerce';
import type { SignatureSpec } from '../../../core/signatures/signature-spec';
import type { TypeSpec } from '../../../core/signatures/type-spec';
import { findTolerantJson } from '../../../core/util/tolerant-json';

interface GrowingField {
  readonly text: string;
  readonly done: boolean;
  /** Known once the whole answer has been read. */
  readonly value?: unknown;
}

/** The fields of an answer at one moment of its writing. Never changes, so that an event can look at it later. */
export class GrowingFields {
  constructor(
    private readonly spec: SignatureSpec,
    private readonly fields: ReadonlyMap<string, GrowingField> = new Map(),
  ) {}

  has(name: string): boolean {
    return this.fields.has(name);
  }

  isDone(name: string): boolean {
    return this.fields.get(name)?.done === true;
  }

  textOf(name: string): string {
    return this.fields.get(name)?.text ?? '';
  }

  /** With more text of a field, or with its beginning. */
  grown(name: string, text: string): GrowingFields {
    return this.put(name, { text: this.textOf(name) + text, done: false });
  }

  /** With the end of a field. */
  ended(name: string): GrowingFields {
    return this.put(name, { text: this.textOf(name), done: true });
  }

  /** With the value that the whole answer gave a field. */
  known(name: string, value: unknown): GrowingFields {
    return this.put(name, { text: this.textOf(name), done: true, value });
  }

  /** The value of a field that has ended, as far as its own text tells; `undefined` where it does not. */
  valueOf(name: string): unknown {
    const field = this.fields.get(name);
    if (field === undefined || !field.done) return undefined;
    return 'value' in field ? field.value : valueFrom(field.text, this.spec.field(name)?.type);
  }

  /** Every field as far as it has come: values of those that ended, text and unfinished JSON of the one being written. */
  partial(): Readonly<Record<string, unknown>> {
    const values = [...this.fields].map(([name, { text, done }]): [string, unknown] => [
      name,
      done ? this.valueOf(name) : unfinished(text, this.spec.field(name)?.type),
    ]);
    // Object.fromEntries defines its members: a field called `__proto__` is just a field.
    return Object.fromEntries(values.filter(([, value]) => value !== undefined));
  }

  private put(name: string, field: GrowingField): GrowingFields {
    return new GrowingFields(this.spec, new Map(this.fields).set(name, field));
  }
}

function valueFrom(text: string, type: TypeSpec | undefined): unknown {
  if (type === undefined) return undefined;
  try {
    return parseValue(text, type);
  } catch (error) {
    if (error instanceof ValueParseError) return undefined;
    throw error;
  }
}

/** Of text the text so far; of a list or object what can be read of it; of anything else nothing: half a number is a wrong one. */
function unfinished(text: string, type: TypeSpec | undefined): unknown {
  if (type?.kind === 'str') return text;
  if (!/^\s*[[{]/.test(text)) return undefined;
  const found = findTolerantJson(text);
  return typeof found === 'object' && found !== null ? found : undefined;
}
