import type { Message } from '../../../core/primitives/message';
import { mimeTypeOf } from '../../../core/signatures/values/media/read-file';
import { type ContentPiece, piecesOf } from '../wire/content-pieces';
import { argumentsIn } from '../wire/read-body';
import { refusal } from '../wire/refuse';

type Part = Readonly<Record<string, unknown>>;

/** Models from before signatures. */
const UNSIGNED = /gemini-[12]|gemma/u;

/**
 * Later models answer 400 to a call of theirs that comes back without the signature of its thought. A conversation of dspex may
 * come from any model and keeps none; these are the words that Google gives for that case.
 */
const NO_SIGNATURE = 'skip_thought_signature_validator';

export interface WireTurns {
  readonly systemInstruction: { readonly parts: readonly Part[] } | undefined;
  readonly contents: readonly { readonly role: 'user' | 'model'; readonly parts: readonly Part[] }[];
}

/**
 * The turns of a conversation: system texts apart, answers of tools as parts of the user, neighbours of one role in one turn. Throws
 * `LMInvalidRequestError` for what cannot be said.
 */
export function wireTurns(messages: readonly Message[], model: string): WireTurns {
  const signed = !UNSIGNED.test(model);
  const system: Part[] = [];
  const contents: { role: 'user' | 'model'; parts: Part[] }[] = [];
  const names = new Map<string, string>();
  for (const message of messages) {
    for (const { id, name } of message.toolCalls ?? []) names.set(id, name);
    if (message.role === 'system') {
      if (contents.length > 0) throw refusal('Gemini takes system messages only before all others.');
      system.push(...piecesOf(message).map(partOf));
      continue;
    }
    const role = message.role === 'assistant' ? 'model' : 'user';
    const parts = partsOf(message, names, signed);
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else if (parts.length > 0) contents.push({ role, parts });
  }
  if (contents.length === 0) throw refusal('The prompt has no message of a user; Gemini wants at least one.');
  return { systemInstruction: system.length === 0 ? undefined : { parts: system }, contents };
}

function partsOf(message: Message, names: ReadonlyMap<string, string>, signed: boolean): Part[] {
  const pieces = piecesOf(message);
  if (message.role === 'tool') return [toolAnswer(message, pieces, names)];
  const calls = message.toolCalls ?? [];
  return [
    ...pieces.map(partOf),
    ...calls.map(({ name, arguments: text }, place) => ({
      functionCall: { name, args: argumentsIn(text) },
      ...(signed && place === 0 ? { thoughtSignature: NO_SIGNATURE } : {}),
    })),
  ];
}

/** Gemini knows the answer of a tool by the tool's name, so the id of the call is looked up. */
function toolAnswer(message: Message, pieces: readonly ContentPiece[], names: ReadonlyMap<string, string>): Part {
  const name = message.name ?? names.get(message.toolCallId ?? '');
  if (name === undefined) {
    throw refusal(
      'A message of a tool says in name which tool answers, or in toolCallId which call of an earlier turn.',
    );
  }
  const output = pieces.map((piece) => {
    if (piece.kind !== 'text') throw refusal('The answer of a tool for Gemini is text.');
    return piece.text;
  });
  return { functionResponse: { name, response: { output: output.join('\n') } } };
}

function partOf(piece: ContentPiece): Part {
  if (piece.kind === 'text') return { text: piece.text };
  if (piece.kind === 'other') {
    throw refusal(`Gemini has no content part '${piece.part.type}'. Give a document as a File, or as text.`);
  }
  const { mimeType, data, url, fileId } = piece;
  const uri = url ?? fileId;
  if (uri !== undefined) {
    const type = mimeType ?? mimeTypeOf(uri);
    return { fileData: { ...(type === undefined ? {} : { mimeType: type }), fileUri: uri } };
  }
  if (mimeType === undefined) throw refusal('Gemini wants to know what data is: a data URI with its type.');
  return { inlineData: { mimeType, data } };
}
