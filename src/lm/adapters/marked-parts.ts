import type { ContentPart, Message } from '../../core/primitives/message';
import { sharedPrefixOf } from '../../core/primitives/shared-prefix';
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

/** All messages of a prompt, finished. Those that open many prompts are finished once, where they are made. */
export function finishedMessages(messages: readonly Message[]): readonly Message[] {
  const from = sharedPrefixOf(messages)?.length ?? 0;
  for (let at = from; at < messages.length; at++) {
    const message = messages[at] as Message;
    if (finishedMessage(message) !== message) return messages.map(finishedMessage);
  }
  return messages;
}
