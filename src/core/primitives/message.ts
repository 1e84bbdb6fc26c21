/** One part of a message that is more than text; further kinds (images, audio) join here. */
export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: string; readonly [key: string]: unknown };

/** One message of a prompt, in the shape chat models share. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  /** `null` for an assistant's turn that only calls tools. */
  readonly content: string | readonly ContentPart[] | null;
  /** The tools an assistant's turn called. */
  readonly toolCalls?: readonly MessageToolCall[];
  /** The call that a tool's turn answers. */
  readonly toolCallId?: string;
  /** The tool that answers. */
  readonly name?: string;
}

/** A call of a tool as providers write it. */
export interface MessageToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text, as the model wrote it or as it would have. */
  readonly arguments: string;
}

/** The text of a message: its content, or its text parts joined by newlines. */
export function textOf(message: Message): string {
  if (typeof message.content === 'string') return message.content;
  if (message.content === null) return '';
  return message.content.flatMap((part) => (part.type === 'text' ? [String(part['text'])] : [])).join('\n');
}
