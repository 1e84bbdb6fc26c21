import { randomUUID } from 'node:crypto';
import type { ContentPart, Message } from '../../primitives/message';
import { parseJson } from '../../util/json';

/** A value that is parts of a message rather than text. */
export class CustomParts {
  constructor(readonly parts: readonly ContentPart[]) {}
}

/**
 * Set around parts while a prompt is text. Nobody outside this process can know it, so a user's text is never taken for it; the
 * reference has fixed words here, which any text may contain. Made with the first parts: before there are any, no text can hold
 * it, and `node:crypto` is not loaded for nothing.
 */
let places: { readonly secret: string; readonly pattern: RegExp } | undefined;

function makePlaces(): NonNullable<typeof places> {
  const secret = randomUUID();
  return { secret, pattern: new RegExp(`${secret}([rq])([A-Za-z0-9+/=]*)\\.`, 'g') };
}

/** How saved programs and answers in prompts write parts down (the reference's marker). */
export const MARKER_START = '<<CUSTOM-TYPE-START-IDENTIFIER>>';
export const MARKER_END = '<<CUSTOM-TYPE-END-IDENTIFIER>>';

/** Text that holds the place of parts; `quoted` inside a JSON string. It survives JSON encoding unchanged. */
export function placeOf({ parts }: CustomParts, quoted: boolean): string {
  places ??= makePlaces();
  return `${places.secret}${quoted ? 'q' : 'r'}${Buffer.from(JSON.stringify(parts)).toString('base64')}.`;
}

/** The message with the parts in their places: as parts in a user's message, as marked text in any other. */
export function withParts(message: Message, asText: (parts: readonly ContentPart[]) => string): Message {
  const { content } = message;
  if (places === undefined || typeof content !== 'string' || !content.includes(places.secret)) return message;
  const { pattern } = places;
  if (message.role === 'user') return { ...message, content: split(content, pattern) };
  const text = content.replace(pattern, (_, kind: string, encoded: string) => {
    const marked = asText(partsIn(encoded));
    return kind === 'q' ? JSON.stringify(marked).slice(1, -1) : marked;
  });
  return { ...message, content: text };
}

function split(content: string, pattern: RegExp): ContentPart[] {
  const parts: ContentPart[] = [];
  const addText = (text: string) => {
    if (text !== '') parts.push({ type: 'text', text });
  };
  let end = 0;
  for (const match of content.matchAll(pattern)) {
    addText(content.slice(end, match.index));
    parts.push(...partsIn(match[2] ?? ''));
    end = match.index + match[0].length;
  }
  addText(content.slice(end));
  return parts;
}

function partsIn(encoded: string): ContentPart[] {
  const text = Buffer.from(encoded, 'base64').toString();
  return parseJson(text, { maxBytes: Number.MAX_SAFE_INTEGER }) as ContentPart[];
}
