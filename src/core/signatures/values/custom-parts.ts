import { randomUUID } from 'node:crypto';
import type { ContentPart, Message } from '../../primitives/message';
import { parseJson } from '../../util/json';

/** A value that is parts of a message rather than text. */
export class CustomParts {
  constructor(readonly parts: readonly ContentPart[]) {}
}

/**
 * Set around parts while a prompt is text. Nobody outside this process can know it, so a user's text is never taken for it; the
 * reference has fixed words here, which any text may contain.
 */
const SECRET = randomUUID();
const PLACE = new RegExp(`${SECRET}([rq])([A-Za-z0-9+/=]*)\\.`, 'g');

/** How saved programs and answers in prompts write parts down (the reference's marker). */
export const MARKER_START = '<<CUSTOM-TYPE-START-IDENTIFIER>>';
export const MARKER_END = '<<CUSTOM-TYPE-END-IDENTIFIER>>';

/** Text that holds the place of parts; `quoted` inside a JSON string. It survives JSON encoding unchanged. */
export function placeOf({ parts }: CustomParts, quoted: boolean): string {
  return `${SECRET}${quoted ? 'q' : 'r'}${Buffer.from(JSON.stringify(parts)).toString('base64')}.`;
}

/** The message with the parts in their places: as parts in a user's message, as marked text in any other. */
export function withParts(message: Message, asText: (parts: readonly ContentPart[]) => string): Message {
  const { content } = message;
  if (typeof content !== 'string' || !content.includes(SECRET)) return message;
  if (message.role === 'user') return { ...message, content: split(content) };
  const text = content.replace(PLACE, (_, kind: string, encoded: string) => {
    const marked = asText(partsIn(encoded));
    return kind === 'q' ? JSON.stringify(marked).slice(1, -1) : marked;
  });
  return { ...message, content: text };
}

function split(content: string): ContentPart[] {
  const parts: ContentPart[] = [];
  const addText = (text: string) => {
    if (text !== '') parts.push({ type: 'text', text });
  };
  let end = 0;
  for (const match of content.matchAll(PLACE)) {
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
