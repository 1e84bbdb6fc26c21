import type { Message } from './message';

/** By the first message, which belongs to one prefix alone. */
const prefixes = new WeakMap<Message, readonly Message[]>();

/**
 * Says that these messages open many prompts, always the same objects: system and demos. Each must be frozen and finished, and the list must not change; it need not be frozen, and goes faster where it is not. Whoever
 * goes through the messages of every request can then do their part once. Returns them.
 */
export function sharePrefix(messages: readonly Message[]): readonly Message[] {
  const [first] = messages;
  if (first !== undefined) prefixes.set(first, messages);
  return messages;
}

/** The shared messages that these begin with; `undefined` where there are none. One look, then a comparison of objects. */
export function sharedPrefixOf(messages: readonly Message[]): readonly Message[] | undefined {
  const [first] = messages;
  const prefix = first && prefixes.get(first);
  if (prefix === undefined || prefix.length > messages.length) return undefined;
  for (let at = 1; at < prefix.length; at++) if (prefix[at] !== messages[at]) return undefined;
  return prefix;
}
