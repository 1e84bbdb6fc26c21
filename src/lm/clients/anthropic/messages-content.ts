import type { Message } from '../../../core/primitives/message';
import { type ContentPiece, piecesOf } from '../wire/content-pieces';
import { argumentsIn } from '../wire/read-body';
import { refusal } from '../wire/refuse';

type Block = Readonly<Record<string, unknown>>;

/** The blocks that may come as they are: parts that a program wrote in this protocol's own words. */
const OWN_BLOCKS: ReadonlySet<string> = new Set(['document', 'image', 'search_result']);

export interface WireTurns {
  /** The text of the system messages; the protocol keeps it apart. */
  readonly system: string | undefined;
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: readonly Block[] }[];
}

/**
 * The turns of a conversation: system texts apart, results of tools as blocks of the user, neighbours of one role in one turn, because
 * roles must alternate. Throws `LMInvalidRequestError` for what cannot be said.
 */
export function wireTurns(messages: readonly Message[]): WireTurns {
  const system: string[] = [];
  const turns: { role: 'user' | 'assistant'; content: Block[] }[] = [];
  for (const message of messages) {
    if (message.role === 'system') {
      if (turns.length > 0) throw refusal('Anthropic takes system messages only before all others.');
      system.push(systemText(message));
      continue;
    }
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    const content = blocksOf(message);
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) turns.push({ role, content });
  }
  if (turns.length === 0) throw refusal('The prompt has no message of a user; Anthropic wants at least one.');
  const text = system.filter((part) => part !== '').join('\n\n');
  return { system: text === '' ? undefined : text, messages: turns };
}

function systemText(message: Message): string {
  const pieces = piecesOf(message);
  if (pieces.every((piece) => piece.kind === 'text')) return pieces.map(({ text }) => text).join('\n');
  throw refusal('A system message for Anthropic is text; images and files belong into a message of the user.');
}

function blocksOf(message: Message): Block[] {
  const blocks = piecesOf(message).map(blockOf);
  if (message.role === 'tool') {
    if (message.toolCallId === undefined)
      throw refusal('A message of a tool says in toolCallId which call it answers.');
    return [{ type: 'tool_result', tool_use_id: message.toolCallId, content: blocks }];
  }
  const calls = message.toolCalls ?? [];
  return [
    ...blocks,
    ...calls.map(({ id, name, arguments: text }) => ({ type: 'tool_use', id, name, input: argumentsIn(text) })),
  ];
}

function blockOf(piece: ContentPiece): Block {
  switch (piece.kind) {
    case 'text':
      return { type: 'text', text: piece.text };
    case 'image':
    case 'file':
      return mediaBlock(piece);
    case 'audio':
      throw refusal('Anthropic reads no audio. Transcribe it first.');
    case 'other':
      if (OWN_BLOCKS.has(piece.part.type)) return piece.part;
      throw refusal(`Anthropic has no content part '${piece.part.type}'.`);
  }
}

function mediaBlock({
  kind,
  mimeType,
  data,
  url,
  fileId,
  filename,
}: Extract<ContentPiece, { kind: 'image' | 'file' | 'audio' }>): Block {
  const title = filename === undefined ? {} : { title: filename };
  if (fileId !== undefined) return { type: 'document', source: { type: 'file', file_id: fileId }, ...title };
  if (url !== undefined) {
    if (!/^https?:/iu.test(url))
      throw refusal('Anthropic fetches http and https addresses only. Image.fromUrl downloads first.');
    return {
      type: kind === 'image' ? 'image' : 'document',
      source: { type: 'url', url },
      ...(kind === 'image' ? {} : title),
    };
  }
  if (mimeType?.startsWith('image/')) return { type: 'image', source: { type: 'base64', media_type: mimeType, data } };
  if (mimeType === 'application/pdf') {
    return { type: 'document', source: { type: 'base64', media_type: mimeType, data }, ...title };
  }
  if (mimeType?.startsWith('text/')) {
    const text = Buffer.from(data ?? '', 'base64').toString('utf8');
    return { type: 'document', source: { type: 'text', media_type: 'text/plain', data: text }, ...title };
  }
  throw refusal(`Anthropic reads images, PDF and text, not ${mimeType ?? 'data of an unknown type'}.`);
}
