import type { LMDelta } from '../../../core/primitives/lm-delta';
import type { LMResponse } from '../../../core/primitives/lm-response';
import { AnswerSoFar } from '../wire/answer-so-far';
import { finishAnswer } from '../wire/finish-answer';
import { isMembers, listOf, type Members, membersOf, stringOf } from '../wire/members';
import { readBody } from '../wire/read-body';
import type { Exchange, ServerSentEvent, WireStream } from '../wire/wire-format';
import { failureInBody, readContent, readFinishReason, readLogprobs, readToolCall, readUsage } from './chat-response';

/** Reads the chunks of a streamed chat completion. */
export class ChatStream implements WireStream {
  readonly answer = new AnswerSoFar();
  done = false;
  readonly #exchange: Exchange;
  /** Where the call is that a completion's index stands for. */
  readonly #places = new Map<string, number>();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** Some servers never send `[DONE]`: the answer is whole when each of its completions has said why it ended. */
  get whole(): boolean {
    const { completions } = this.answer;
    return completions.length > 0 && completions.every(({ finishReason }) => finishReason !== undefined);
  }

  read({ data, event }: ServerSentEvent): readonly LMDelta[] {
    if (this.done) return [];
    // Only a line that is nothing else ends the stream: a model may write the same letters.
    if (data === '[DONE]') {
      this.done = true;
      return [];
    }
    const chunk = readBody(data);
    const failure = failureInBody(chunk, data, this.#exchange, event === 'error');
    if (failure !== undefined) throw failure;
    if (chunk === undefined) return [];
    this.answer.id ??= stringOf(chunk['id']);
    this.answer.model ??= stringOf(chunk['model']);
    if (isMembers(chunk['usage'])) this.answer.usage = readUsage(chunk['usage']);
    return listOf(chunk['choices']).flatMap((choice) => (isMembers(choice) ? this.#choice(choice) : []));
  }

  end(): LMResponse {
    return finishAnswer(this.answer, this.#exchange);
  }

  #choice(choice: Members): readonly LMDelta[] {
    const index = typeof choice['index'] === 'number' ? choice['index'] : 0;
    const completion = this.answer.at(index);
    const told: LMDelta[] = [];
    const add = (delta: LMDelta) => told.push(this.answer.add(delta));
    const delta = membersOf(choice['delta']);
    const reasoning = stringOf(delta['reasoning_content']) ?? stringOf(delta['reasoning']);
    if (reasoning) add({ index, reasoning });
    const text = readContent(delta['content']);
    if (text) add({ index, text });
    // Nothing to tell, but an empty text is another answer than none.
    else if (text !== undefined) completion.text.push(text);
    completion.refusal += stringOf(delta['refusal']) ?? '';
    listOf(delta['tool_calls']).forEach((call, position) => {
      if (isMembers(call)) add({ index, toolCall: this.#toolCall(call, position, index) });
    });
    completion.logprobs.push(...(readLogprobs(choice['logprobs']) ?? []));
    const reason = stringOf(choice['finish_reason']);
    if (reason !== undefined) completion.finishReason = readFinishReason(reason);
    return told;
  }

  /**
   * Some servers send each call whole, without an index or all with the same one: an id that is not that of the call at its place
   * begins another call, and what follows goes to the call that was told last for its place.
   */
  #toolCall(call: Members, position: number, completion: number): NonNullable<LMDelta['toolCall']> {
    const said = typeof call['index'] === 'number' ? call['index'] : position;
    const piece = readToolCall(call, said);
    const place = `${completion}:${said}`;
    const { toolCalls } = this.answer.at(completion);
    const at = this.#places.get(place) ?? said;
    const known = toolCalls[at];
    const another = piece.id !== undefined && known?.id !== undefined && piece.id !== known.id;
    const index = another && piece.name !== undefined ? toolCalls.length : at;
    this.#places.set(place, index);
    return { ...piece, index };
  }
}
