import type { ContentPart, Message } from '../../../core/primitives/message';
import { readDataUri } from '../../../core/signatures/values/media/data-uri';
import { isMembers, membersOf, stringOf } from './members';

/** Bytes in a prompt, or where the provider finds them. */
export interface MediaSource {
  /** For example `image/png`; `undefined` when nothing says it. */
  readonly mimeType: string | undefined;
  /** Base64. */
  readonly data?: string;
  /** An address that the provider reads for itself. */
  readonly url?: string;
  /** The provider's id of a file that was uploaded before. */
  readonly fileId?: string;
  readonly filename?: string | undefined;
}

/** A part of a message, whatever words it was written in. */
export type ContentPiece =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'image' | 'audio' | 'file' } & MediaSource)
  /** A part in a provider's own words, or one that nobody knows. */
  | { readonly kind: 'other'; readonly part: ContentPart };

/** The content of a message in pieces, without empty texts, which some providers refuse. */
export function piecesOf({ content }: Message): readonly ContentPiece[] {
  if (content === null || content === '') return [];
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  return content.map(pieceOf).filter((piece) => piece.kind !== 'text' || piece.text !== '');
}

function pieceOf(part: ContentPart): ContentPiece {
  const { type, ...members } = part as Readonly<Record<string, unknown>>;
  const held = members[String(type)];
  if (type === 'text' && typeof part['text'] === 'string') return { kind: 'text', text: part['text'] };
  if (type === 'image_url') {
    const url = stringOf(isMembers(held) ? held['url'] : held);
    if (url !== undefined) return { kind: 'image', ...sourceOf(url) };
  }
  if (type === 'input_audio') {
    const { data, format } = membersOf(held);
    const known = typeof data === 'string' && typeof format === 'string';
    if (known) return { kind: 'audio', data, mimeType: `audio/${format}` };
  }
  if (type === 'file') {
    const { file_data: data, file_id: fileId, filename } = membersOf(held);
    const named = { filename: stringOf(filename) };
    if (typeof data === 'string') return { kind: 'file', ...sourceOf(data), ...named };
    if (typeof fileId === 'string') return { kind: 'file', mimeType: undefined, fileId, ...named };
  }
  return { kind: 'other', part };
}

/** A data URI taken apart; any other text is an address. */
function sourceOf(url: string): MediaSource {
  const uri = readDataUri(url);
  if (uri === undefined) return { mimeType: undefined, url };
  const { mimeType, data, base64 } = uri;
  return { mimeType: mimeType || undefined, data: base64 ? data : Buffer.from(decoded(data)).toString('base64') };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
