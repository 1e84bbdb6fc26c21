import { ValueParseError } from '../../errors/value-errors';
import type { FieldValues } from '../field-spec';
import { ANY, type CustomTypeSpec, type ModelType, STR } from '../type-spec';
import { customSpec } from './custom-spec';
import { CustomType } from './custom-type';
import { readMembers } from './read-members';

/**
 * A conversation so far (DSPy: `dspy.History`): one record a turn with the inputs and outputs of the same signature. An input whose
 * type is exactly `History` becomes turns of the prompt, before the question; a nested or optional one is shown as JSON.
 */
export class History extends CustomType {
  readonly messages: readonly FieldValues[];

  constructor(messages: readonly object[]) {
    super();
    this.messages = Object.freeze([...messages]) as readonly FieldValues[];
    Object.freeze(this);
  }

  static override parse(given: unknown): History {
    if (given instanceof History) return given;
    const { messages } = readMembers(given, 'History', ['messages']);
    if (Array.isArray(messages))
      return new History(messages.map((message) => readMembers(message, 'a message of History')));
    throw new ValueParseError('the field messages of History is missing, or no list', ['messages']);
  }

  override format() {
    return { messages: this.messages };
  }
}

const SHAPE: ModelType = {
  kind: 'model',
  name: 'History',
  fields: [{ name: 'messages', type: { kind: 'list', item: { kind: 'dict', key: STR, value: ANY } } }],
};

/** The type of a conversation field. */
export const HISTORY: CustomTypeSpec = customSpec(History, () => SHAPE, { closed: true, native: 'history' });
