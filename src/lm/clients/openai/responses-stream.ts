import type { LMDelta } from '../../../core/primitives/lm-delta';
import type { LMResponse } from '../../../core/primitives/lm-response';
import { AnswerSoFar } from '../wire/answer-so-far';
import { finishAnswer } from '../wire/finish-answer';
import { countOf, isMembers, type Members, membersOf, stringOf } from '../wire/members';
import { readBody } from '../wire/read-body';
import type { Exchange, ServerSentEvent, WireStream } from '../wire/wire-format';
import { readFacts, readOutput, setFinishReason, toldFailure } from './responses-answer';

/**
 * Reads the events of a streamed response. Each has a number, and one that was seen is not read again. The last event brings the
 * whole response; that one counts, and what the pieces said is used only where a server leaves it empty.
 */
export class ResponsesStream implements WireStream {
  readonly answer = new AnswerSoFar();
  done = false;
  readonly #exchange: Exchange;
  readonly #seen = new Set<number>();
  /** Which call of the answer the item of an index is. */
  readonly #calls = new Map<number, number>();
  #final: Members = {};

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  read({ data }: ServerSentEvent): readonly LMDelta[] {
    const event = this.done ? undefined : readBody(data);
    if (event === undefined || this.#wasSeen(event['sequence_number'])) return [];
    const delta = stringOf(event['delta']) ?? '';
    switch (event['type']) {
      case 'response.created':
      case 'response.in_progress':
        readFacts(this.answer, membersOf(event['response']));
        return [];
      case 'response.output_item.added':
        return this.#item(event);
      case 'response.output_text.delta':
        return this.#told({ index: 0, text: delta });
      case 'response.refusal.delta':
        this.answer.at(0).refusal += delta;
        return [];
      case 'response.reasoning_summary_part.added':
        return countOf(event['summary_index']) > 0 ? this.#told({ index: 0, reasoning: '\n\n' }) : [];
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return this.#told({ index: 0, reasoning: delta });
      case 'response.function_call_arguments.delta':
        return this.#arguments(event['output_index'], delta);
      case 'response.completed':
      case 'response.incomplete':
        return this.#finish(membersOf(event['response']));
      case 'response.failed':
        readFacts(this.answer, membersOf(event['response']));
        throw toldFailure(membersOf(event['response'])['error'], this.#exchange);
      case 'error':
        throw toldFailure(isMembers(event['error']) ? event['error'] : event, this.#exchange);
      default:
        return [];
    }
  }

  end(): LMResponse {
    const whole = this.#final['output'];
    if (Array.isArray(whole) && whole.length > 0) return readOutput(this.#final, this.#exchange);
    setFinishReason(this.answer.at(0), this.#final);
    return finishAnswer(this.answer, this.#exchange);
  }

  #wasSeen(number: unknown): boolean {
    if (typeof number !== 'number') return false;
    if (this.#seen.has(number)) return true;
    this.#seen.add(number);
    return false;
  }

  #finish(response: Members): readonly LMDelta[] {
    readFacts(this.answer, response);
    this.#final = response;
    this.done = true;
    return [];
  }

  #item(event: Members): readonly LMDelta[] {
    const item = membersOf(event['item']);
    const at = event['output_index'];
    if (item['type'] !== 'function_call' || typeof at !== 'number' || this.#calls.has(at)) return [];
    const index = this.#calls.size;
    this.#calls.set(at, index);
    const id = stringOf(item['call_id']);
    const name = stringOf(item['name']);
    const known = { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
    return [this.answer.add({ index: 0, toolCall: { index, ...known } })];
  }

  #arguments(at: unknown, piece: string): readonly LMDelta[] {
    const index = typeof at === 'number' ? this.#calls.get(at) : undefined;
    return index === undefined || piece === ''
      ? []
      : [this.answer.add({ index: 0, toolCall: { index, arguments: piece } })];
  }

  #told(delta: LMDelta): readonly LMDelta[] {
    return delta.text === '' || delta.reasoning === '' ? [] : [this.answer.add(delta)];
  }
}
