import type { ContentPart } from '../../primitives/message';
import type { JsonSchema } from '../json-schema';

/**
 * What a prompt holds in place of a value: text, parts of a message (an image, a sound), or a plain object, which is shown as JSON.
 */
export type Formatted = string | readonly ContentPart[] | { readonly [member: string]: unknown };

/**
 * A type with a form of its own in prompts (DSPy: `dspy.Type`). Images, files, code, conversations and tools are such types;
 * a user's own extends this class and says `format()`:
 *
 * ```ts
 * class Clip extends CustomType {
 *   @Input() readonly src!: string;                                   // decorated properties give the JSON Schema
 *   static override description() { return 'A clip of a film.'; }     // shown beside the field
 *   format() { return [{ type: 'video_url', video_url: { url: this.src } }]; }
 * }
 * ```
 *
 * A field takes it by `@Input({ type: Clip })`. Parts are sent as parts in user messages only, wherever the value stands:
 * inside lists, nested classes and demos too.
 */
export abstract class CustomType {
  /** The form of the value in prompts. Pure: no file or network is touched. */
  abstract format(): Formatted;

  /** What the LM is told about the type, on a line of its own below the field; empty for nothing. */
  static description(): string {
    return '';
  }

  /** The JSON Schema of the values, for a class whose properties are not decorated; the root may not hold `$defs`. */
  static jsonSchema(): JsonSchema | undefined {
    return undefined;
  }

  /**
   * The value that a model's answer stands for: `given` is what its JSON says, and when this throws, the raw text once more.
   * Throws `ValueParseError`. Default: an instance with the decorated properties.
   */
  static parse?(given: unknown): CustomType;
}

/** The class of a custom type. */
export interface CustomTypeClass {
  readonly name: string;
  readonly prototype: CustomType;
  description(): string;
  jsonSchema(): JsonSchema | undefined;
  parse?(given: unknown): CustomType;
}

/** True for a class of custom values. */
export function isCustomTypeClass(type: unknown): type is CustomTypeClass {
  return typeof type === 'function' && type.prototype instanceof CustomType;
}
