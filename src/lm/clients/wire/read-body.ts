import { JsonParseError } from '../../../core/errors/value-errors';
import { parseJson } from '../../../core/util/json';
import { isMembers, type Members } from './members';

/** The JSON object in a text from outside, or `undefined` when there is none. */
export function readBody(text: string): Members | undefined {
  try {
    const body = parseJson(text);
    return isMembers(body) ? body : undefined;
  } catch (error) {
    if (error instanceof JsonParseError) return undefined;
    throw error;
  }
}

/** The arguments of a call, for protocols that want an object. What the model wrote wrongly is shown to it as it was. */
export function argumentsIn(text: string): object {
  try {
    const value = parseJson(text.trim() === '' ? '{}' : text);
    return isMembers(value) ? value : { value };
  } catch (error) {
    if (error instanceof JsonParseError) return { invalid_json: text };
    throw error;
  }
}
