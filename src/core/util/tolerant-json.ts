import { JsonParseError } from '../errors/json-errors';
import { parseJson } from './json';

/** The value of a JSON text written by a model. Throws `JsonParseError` when there is none. */
export function readTolerantJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonParseError) return '';
    throw error;
  }
}
