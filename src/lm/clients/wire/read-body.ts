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
