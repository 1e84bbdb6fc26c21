import { LMInvalidResponseError, LMRefusalError } from '../../../core/errors/lm-errors';
import type { LMCompletion, LMResponse } from '../../../core/primitives/lm-response';
import { NO_USAGE, type Usage } from '../../../core/primitives/usage';
import { excerpt } from '../redact';
import { AnswerSoFar } from '../wire/answer-so-far';
import { finishAnswer } from '../wire/finish-answer';
import { countOf, isMembers, listOf, type Members, membersOf, stringOf } from '../wire/members';
import { readBody } from '../wire/read-body';
import type { Exchange } from '../wire/wire-format';
import { messagesFailure } from './messages-failure';

/** One block of an answer; `parts` are joined. Other kinds of blocks are skipped. */
export interface AnswerBlock {
  readonly kind: 'text' | 'thinking' | 'tool';
  readonly parts: string[];
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly citations: Members[];
}

/** The block that a member of `content` describes; `undefined` for kinds that add nothing to an answer. */
export function blockFrom(content: unknown): AnswerBlock | undefined {
  const block = membersOf(content);
  const made = (kind: AnswerBlock['kind'], parts: string[]): AnswerBlock => ({
    kind,
    parts,
    id: stringOf(block['id']),
    name: stringOf(block['name']),
    citations: listOf(block['citations']).filter(isMembers),
  });
  if (block['type'] === 'text') return made('text', [stringOf(block['text']) ?? '']);
  if (block['type'] === 'thinking') return made('thinking', [stringOf(block['thinking']) ?? '']);
  if (block['type'] === 'tool_use') return made('tool', []);
  return undefined;
}

/** The response of blocks in their order. Throws `LMRefusalError` and the errors of `finishAnswer`. */
export function answerOf(
  blocks: readonly AnswerBlock[],
  message: {
    readonly id?: string | undefined;
    readonly model?: string | undefined;
    readonly stopReason: unknown;
    readonly usage: Usage;
  },
  exchange: Exchange,
): LMResponse {
  const answer = new AnswerSoFar();
  answer.id = message.id;
  answer.model = message.model;
  answer.usage = message.usage;
  const completion = answer.at(0);
  completion.finishReason = finishReasonOf(message.stopReason);
  let calls = 0;
  for (const { kind, parts, id, name, citations } of blocks) {
    const text = parts.join('');
    if (kind === 'text') answer.add({ index: 0, text });
    else if (kind === 'thinking') answer.add({ index: 0, reasoning: text });
    else {
      const known = { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
      answer.add({ index: 0, toolCall: { index: calls++, ...known, arguments: text } });
    }
    for (const citation of citations) completion.citations.push({ ...citation, supported_text: text });
  }
  if (message.stopReason === 'refusal') {
    // What was written before the refusal is no answer: the provider asks not to use it.
    throw new LMRefusalError('The model refused to answer.', { ...exchange.about, partial: answer.partial });
  }
  return finishAnswer(answer, exchange);
}

/** The response in the body of a message, frozen. Throws a typed `LMError` when there is none in it. */
export function readMessage(text: string, exchange: Exchange): LMResponse {
  const { about, status, redact } = exchange;
  const body = readBody(text);
  if (body?.['type'] === 'error') throw messagesFailure(text, { ...exchange, status: 0 });
  if (body === undefined || !Array.isArray(body['content'])) {
    const problem = body === undefined ? 'The answer is not a JSON object' : 'The answer has no list of content';
    throw new LMInvalidResponseError(`${problem}. The body begins: ${excerpt(text, redact)}`, { ...about, status });
  }
  const blocks = body['content'].flatMap((content): AnswerBlock[] => {
    const block = blockFrom(content);
    if (block?.kind === 'tool') block.parts.push(JSON.stringify(membersOf(content)['input'] ?? {}));
    return block === undefined ? [] : [block];
  });
  const { id, model, stop_reason: stopReason, usage } = body;
  return answerOf(blocks, { id: stringOf(id), model: stringOf(model), stopReason, usage: usageOf(usage) }, exchange);
}

/** What a message counted. The protocol counts tokens read from and written to its cache apart from the others. */
export function usageOf(usage: unknown): Usage {
  const counts = membersOf(usage);
  const cached = countOf(counts['cache_read_input_tokens']);
  return {
    ...NO_USAGE,
    calls: 1,
    unpricedCalls: 1,
    inputTokens: countOf(counts['input_tokens']) + cached + countOf(counts['cache_creation_input_tokens']),
    cachedInputTokens: cached,
    outputTokens: countOf(counts['output_tokens']),
  };
}

function finishReasonOf(reason: unknown): LMCompletion['finishReason'] {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'tool_use':
      return 'tool_calls';
    case 'refusal':
      return 'content_filter';
    default:
      return 'unknown';
  }
}
