import type { ContentPart, Message } from '../../core/primitives/message';
import { dumpValue } from '../../core/signatures/python/dump';
import { pythonJson } from '../../core/signatures/python/json-text';
import { MARKER_END, MARKER_START, withParts } from '../../core/signatures/values/custom-parts';

/** Parts as text between the reference's markers: in answers, which hold no parts, and in saved programs. */
export function markedParts(parts: readonly ContentPart[]): string {
  return `${MARKER_START}${pythonJson(dumpValue(parts, undefined))}${MARKER_END}`;
}

/**
 * A message with images and the like in their places: as parts in a user's message, as marked text in any other. What
 * `formatFieldValue` wrote for them is only a place; the engine fills the places of every adapter's messages.
 */
export function finishedMessage(message: Message): Message {
  return withParts(message, markedParts);
}
