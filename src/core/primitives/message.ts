/** One part of a message that is more than text; further kinds (images, audio) join here. */
export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: string; readonly [key: string]: unknown };

/** One message of a prompt, in the shape chat models share. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | readonly ContentPart[];
}

/** The text of a message: its content, or its text parts joined by newlines. */
export function textOf(message: Message): string {
  if (typeof message.content === 'string') return message.content;
  return message.content.flatMap((part) => (part.type === 'text' ? [String(part['text'])] : [])).join('\n');
}
