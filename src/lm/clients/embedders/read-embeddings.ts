import { LMInvalidResponseError } from '../../../core/errors/lm-errors';
import type { Embedding, EmbedResponse } from '../../../core/primitives/embedding';
import { NO_USAGE } from '../../../core/primitives/usage';
import { deepFreeze } from '../../../core/util/deep-freeze';
import { excerpt } from '../redact';
import { countOf, isMembers, listOf, membersOf } from '../wire/members';
import { readBody } from '../wire/read-body';
import type { Exchange } from '../wire/wire-format';

/**
 * The vectors in the body of OpenAI's `/embeddings`, in the order of the texts whatever order the server chose. Throws
 * `LMInvalidResponseError` when there is not exactly one for each text, or they differ in length.
 */
export function readEmbeddings(text: string, texts: number, { about, redact, status }: Exchange): EmbedResponse {
  const invalid = (problem: string) =>
    new LMInvalidResponseError(`${problem}. The body begins: ${excerpt(text, redact)}`, { ...about, status });
  const body = readBody(text);
  if (body === undefined) throw invalid('The answer is not a JSON object');
  const vectors: (Embedding | undefined)[] = Array.from({ length: texts }, () => undefined);
  listOf(body['data']).forEach((entry, position) => {
    const { index = position, embedding } = membersOf(entry);
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= texts) return;
    if (isVector(embedding)) vectors[index] = embedding;
  });
  const missing = vectors.indexOf(undefined);
  if (missing >= 0) throw invalid(`${texts} texts were sent and text ${missing} got no vector`);
  const whole = vectors as Embedding[];
  const dimensions = whole[0]?.length ?? 0;
  if (whole.some((vector) => vector.length !== dimensions)) throw invalid('The vectors differ in length');
  const counted = isMembers(body['usage']) ? body['usage'] : {};
  const inputTokens = countOf(counted['prompt_tokens']) || countOf(counted['total_tokens']);
  return deepFreeze({ vectors: whole, usage: { ...NO_USAGE, calls: 1, unpricedCalls: 1, inputTokens } });
}

/** True for a list of finite numbers that is not empty. */
export function isVector(value: unknown): value is Embedding {
  return (
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'number' && Number.isFinite(one))
  );
}
