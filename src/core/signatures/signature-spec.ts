import { FieldNotFoundError, InvalidFieldIndexError } from '../errors/signature-errors';
import { cleandoc } from './cleandoc';
import { type FieldSpec, type FieldValues, sameField } from './field-spec';

/** A value that breaks a constraint of its class. */
export interface FieldProblem {
  readonly field: string;
  /** In words an LM can act on, for example `confidence must not be greater than 1`. */
  readonly message: string;
}

export interface SignatureSpecInit {
  readonly name?: string;
  /** Default, also for an empty text: DSPy's sentence over the fields. A blank text means no instructions at all. */
  readonly instructions?: string;
  readonly fields: readonly FieldSpec[];
  /** Checks outputs against the constraints of the class the signature was read from. */
  readonly check?: (outputs: FieldValues) => readonly FieldProblem[];
}

/**
 * An immutable description of a step: instructions and ordered fields, inputs first. Every change returns a new value,
 * so an optimizer rewrites a program by replacing a predictor's spec, never by editing a class.
 * `I` and `O` are the static types of inputs and outputs. (DSPy: the class that `Signature` compiles to.)
 */
export class SignatureSpec<I = FieldValues, O = FieldValues> {
  /** Static types only; there is no such property at run time. */
  declare readonly $types: { readonly inputs: I; readonly outputs: O };

  readonly name: string;
  readonly instructions: string;
  readonly fields: readonly FieldSpec[];
  readonly inputs: readonly FieldSpec[];
  readonly outputs: readonly FieldSpec[];
  readonly check: ((outputs: FieldValues) => readonly FieldProblem[]) | undefined;

  constructor(init: SignatureSpecInit) {
    this.inputs = init.fields.filter((field) => field.role === 'input');
    this.outputs = init.fields.filter((field) => field.role === 'output');
    this.fields = [...this.inputs, ...this.outputs];
    this.name = init.name ?? 'StringSignature';
    this.instructions = init.instructions ? cleandoc(init.instructions) : this.defaultInstructions();
    this.check = init.check;
    Object.freeze(this);
  }

  /** The signature in short, for example `question, context -> answer`. */
  get signature(): string {
    const names = (fields: readonly FieldSpec[]) => fields.map((field) => field.name).join(', ');
    return `${names(this.inputs)} -> ${names(this.outputs)}`;
  }

  field(name: string): FieldSpec | undefined {
    return this.fields.find((field) => field.name === name);
  }

  /** The spec with other instructions; an empty text means the default sentence again (as in DSPy). */
  withInstructions(instructions: string): SignatureSpec<I, O> {
    return this.derive({ instructions });
  }

  /** The spec with a text after its instructions, one blank line between (DSPy: `append_instructions`). */
  appendInstructions(text: string): SignatureSpec<I, O> {
    return this.derive({ instructions: `${this.instructions}\n\n${text}` });
  }

  /** The spec with some facts of one field replaced. */
  withUpdatedField(name: string, update: Partial<Omit<FieldSpec, 'name' | 'role'>>): SignatureSpec<I, O> {
    if (this.field(name) === undefined) throw new FieldNotFoundError(this.signature, name);
    return this.derive({
      fields: this.fields.map((field) => (field.name === name ? Object.freeze({ ...field, ...update }) : field)),
    });
  }

  /** The spec with a field before the others of its side. */
  prepend<I2 = I, O2 = O>(field: FieldSpec): SignatureSpec<I2, O2> {
    return this.insert(0, field);
  }

  /** The spec with a field after the others of its side. */
  append<I2 = I, O2 = O>(field: FieldSpec): SignatureSpec<I2, O2> {
    return this.insert(-1, field);
  }

  /** The spec with a field at a place of its own side; -1 is the end, -2 before the last. A field of that name is replaced. */
  insert<I2 = I, O2 = O>(index: number, field: FieldSpec): SignatureSpec<I2, O2> {
    const others = this.fields.filter((other) => other.name !== field.name);
    const side = others.filter((other) => other.role === field.role);
    const place = index < 0 ? index + side.length + 1 : index;
    if (!Number.isInteger(place) || place < 0 || place > side.length) {
      throw new InvalidFieldIndexError(this.signature, field.name, index, side.length);
    }
    const moved = [...side.slice(0, place), field, ...side.slice(place)];
    return this.derive({ fields: [...others.filter((other) => other.role !== field.role), ...moved] });
  }

  /** The spec without a field; an unknown name changes nothing (as in DSPy's `delete`). */
  omit<K extends string>(name: K): SignatureSpec<Omit<I, K>, Omit<O, K>> {
    return this.derive({ fields: this.fields.filter((field) => field.name !== name) });
  }

  /** Same instructions and the same facts about each field; the order inside a side counts too. */
  equals(other: SignatureSpec): boolean {
    return (
      this === (other as unknown) ||
      (this.instructions === other.instructions &&
        this.fields.length === other.fields.length &&
        this.fields.every((field, index) => sameField(field, other.fields[index] as FieldSpec)))
    );
  }

  private derive<I2, O2>(change: Partial<SignatureSpecInit>): SignatureSpec<I2, O2> {
    const { name, instructions, fields, check } = this;
    return new SignatureSpec<I2, O2>({ name, instructions, fields, ...(check ? { check } : {}), ...change });
  }

  private defaultInstructions(): string {
    const quoted = (fields: readonly FieldSpec[]) => fields.map((field) => `\`${field.name}\``).join(', ');
    return `Given the fields ${quoted(this.inputs)}, produce the fields ${quoted(this.outputs)}.`;
  }
}
