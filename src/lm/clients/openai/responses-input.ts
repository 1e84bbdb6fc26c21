import type { Message } from '../../../core/primitives/message';
import { type ContentPiece, piecesOf } from '../wire/content-pieces';
import { refusal } from '../wire/refuse';

type Item = Readonly<Record<string, unknown>>;

export interface ResponsesInput {
  /** The system messages before all others. */
  readonly instructions: string | undefined;
  readonly input: readonly Item[];
}

/** A conversation as items: calls of tools and their answers stand beside the messages. Throws `LMInvalidRequestError` for what cannot be said. */
export function responsesInput(messages: readonly Message[]): ResponsesInput {
  const first = messages.findIndex(({ role }) => role !== 'system');
  const system = first === -1 ? messages : messages.slice(0, first);
  const instructions = system.map((message) => textOnly(message, 'A system message')).join('\n\n');
  const input = messages.slice(system.length).flatMap(itemsOf);
  if (input.length === 0) throw refusal('The prompt has no message of a user; OpenAI wants at least one.');
  return { instructions: instructions === '' ? undefined : instructions, input };
}

function itemsOf(message: Message): readonly Item[] {
  if (message.role === 'tool') {
    const { toolCallId } = message;
    if (toolCallId === undefined) throw refusal('A message of a tool says in toolCallId which call it answers.');
    return [{ type: 'function_call_output', call_id: toolCallId, output: textOnly(message, 'The answer of a tool') }];
  }
  if (message.role === 'assistant') {
    const text = textOnly(message, "An assistant's turn");
    const calls = message.toolCalls ?? [];
    return [
      ...(text === '' ? [] : [{ role: 'assistant', content: text }]),
      ...calls.map(({ id, name, arguments: args }) => ({ type: 'function_call', call_id: id, name, arguments: args })),
    ];
  }
  const { role, content } = message;
  if (typeof content === 'string') return [{ role, content }];
  return [{ role, content: piecesOf(message).map(partOf) }];
}

function textOnly(message: Message, what: string): string {
  return piecesOf(message)
    .map((piece) => {
      if (piece.kind !== 'text') throw refusal(`${what} for OpenAI's responses is text only.`);
      return piece.text;
    })
    .join('\n');
}

function partOf(piece: ContentPiece): Item {
  switch (piece.kind) {
    case 'text':
      return { type: 'input_text', text: piece.text };
    case 'image':
      return { type: 'input_image', image_url: piece.url ?? `data:${piece.mimeType};base64,${piece.data}` };
    case 'file': {
      const { url, fileId, mimeType = 'application/octet-stream', data, filename } = piece;
      if (fileId !== undefined) return { type: 'input_file', file_id: fileId };
      if (url !== undefined) return { type: 'input_file', file_url: url };
      return { type: 'input_file', filename: filename ?? 'file', file_data: `data:${mimeType};base64,${data}` };
    }
    case 'audio':
      throw refusal("OpenAI's responses read no audio. Ask an audio model through chat completions.");
    case 'other':
      if (piece.part.type.startsWith('input_')) return piece.part;
      throw refusal(
        `OpenAI's responses have no content part '${piece.part.type}'. Give a document as a File, or as text.`,
      );
  }
}
