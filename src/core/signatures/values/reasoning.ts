import { shownValue, ValueParseError } from '../../errors/value-errors';
import { type CustomTypeSpec, type ModelType, STR } from '../type-spec';
import { customSpec } from './custom-spec';
import { CustomType } from './custom-type';

/**
 * The thinking behind an answer (DSPy: `dspy.Reasoning`). As an output it is the model's own reasoning where the model has any, and
 * text that the model is asked for where it has not. It behaves like its text: `${reasoning}`, `reasoning + ''`, `reasoning.length`.
 */
export class Reasoning extends CustomType {
  readonly content: string;

  constructor(content: string) {
    super();
    this.content = content;
    Object.freeze(this);
  }

  static override parse(given: unknown): Reasoning {
    if (given instanceof Reasoning) return given;
    if (typeof given === 'string') return new Reasoning(given);
    const content = given !== null && typeof given === 'object' ? (given as { content?: unknown }).content : undefined;
    if (typeof content === 'string') return new Reasoning(content);
    throw new ValueParseError(`it must be text, not ${shownValue(given)}`);
  }

  /** Characters of the text, as JavaScript counts them. */
  get length(): number {
    return this.content.length;
  }

  override format(): string {
    return this.content;
  }

  override toString(): string {
    return this.content;
  }

  toJSON(): string {
    return this.content;
  }
}

const SHAPE: ModelType = { kind: 'model', name: 'Reasoning', fields: [{ name: 'content', type: STR }] };

/** The type of a reasoning field. */
export const REASONING: CustomTypeSpec = customSpec(Reasoning, () => SHAPE, {
  shownAs: 'str',
  plainText: true,
  native: 'reasoning',
});
