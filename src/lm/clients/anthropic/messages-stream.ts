import { LMInvalidResponseError } from '../../../core/errors/lm-errors';
import type { LMDelta } from '../../../core/primitives/lm-delta';
import type { LMResponse } from '../../../core/primitives/lm-response';
import { AnswerSoFar } from '../wire/answer-so-far';
import { isMembers, type Members, membersOf, stringOf } from '../wire/members';
import { readBody } from '../wire/read-body';
import type { Exchange, ServerSentEvent, WireStream } from '../wire/wire-format';
import { type AnswerBlock, answerOf, blockFrom, usageOf } from './messages-answer';
import { messagesFailure } from './messages-failure';

/** Most blocks of one answer: an index from outside must not cost memory. */
const MOST_BLOCKS = 1_024;

/** Where a delta of each type has its piece. */
const PIECES: ReadonlyMap<unknown, string> = new Map([
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
  ['input_json_delta', 'partial_json'],
]);

/** Reads the events of a streamed message. The whole answer has its blocks in the order of their indices, whenever they came. */
export class MessagesStream implements WireStream {
  readonly answer = new AnswerSoFar();
  done = false;
  readonly #exchange: Exchange;
  readonly #blocks = new Map<number, AnswerBlock & { readonly call: number }>();
  #calls = 0;
  #usage: Members = {};
  #stopReason: unknown;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  read({ data }: ServerSentEvent): readonly LMDelta[] {
    const event = this.done ? undefined : readBody(data);
    switch (event?.['type']) {
      case 'message_start':
        return this.#start(membersOf(event['message']));
      case 'content_block_start':
        return this.#open(event);
      case 'content_block_delta':
        return this.#grow(event);
      case 'message_delta':
        this.#stopReason = membersOf(event['delta'])['stop_reason'] ?? this.#stopReason;
        this.#count(event['usage']);
        return [];
      case 'message_stop':
        this.done = true;
        return [];
      case 'error':
        throw messagesFailure(data, { ...this.#exchange, status: 0 });
      default:
        return [];
    }
  }

  end(): LMResponse {
    const { id, model, usage } = this.answer;
    const blocks = [...this.#blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
    return answerOf(blocks, { id, model, stopReason: this.#stopReason, usage }, this.#exchange);
  }

  #start(message: Members): readonly LMDelta[] {
    this.answer.id ??= stringOf(message['id']);
    this.answer.model ??= stringOf(message['model']);
    this.#count(message['usage']);
    return [];
  }

  /** The counts of the end stand for the whole answer; those it leaves out are the ones of the start. */
  #count(usage: unknown): void {
    if (!isMembers(usage)) return;
    this.#usage = {
      ...this.#usage,
      ...Object.fromEntries(Object.entries(usage).filter(([, count]) => count !== null)),
    };
    this.answer.usage = usageOf(this.#usage);
  }

  #open(event: Members): readonly LMDelta[] {
    const index = this.#indexOf(event);
    const block = blockFrom(event['content_block']);
    // A block that was told before adds nothing.
    if (block === undefined || this.#blocks.has(index)) return [];
    if (this.#blocks.size >= MOST_BLOCKS) throw this.#invalid(`The stream has more than ${MOST_BLOCKS} blocks.`);
    this.#blocks.set(index, { ...block, call: block.kind === 'tool' ? this.#calls++ : -1 });
    if (block.kind !== 'tool') return this.#told(index, block.parts.join(''));
    const { id, name } = block;
    const known = { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
    return [this.answer.add({ index: 0, toolCall: { index: this.#calls - 1, ...known } })];
  }

  #grow(event: Members): readonly LMDelta[] {
    const index = this.#indexOf(event);
    const block = this.#blocks.get(index);
    const delta = membersOf(event['delta']);
    if (block === undefined) return [];
    if (delta['type'] === 'citations_delta') {
      if (isMembers(delta['citation'])) block.citations.push(delta['citation']);
      return [];
    }
    const member = PIECES.get(delta['type']);
    const piece = member === undefined ? undefined : stringOf(delta[member]);
    if (piece === undefined || piece === '') return [];
    block.parts.push(piece);
    return this.#told(index, piece);
  }

  #told(index: number, piece: string): readonly LMDelta[] {
    const { kind, call } = this.#blocks.get(index) ?? {};
    if (piece === '' || kind === undefined || call === undefined) return [];
    if (kind === 'text') return [this.answer.add({ index: 0, text: piece })];
    if (kind === 'thinking') return [this.answer.add({ index: 0, reasoning: piece })];
    return [this.answer.add({ index: 0, toolCall: { index: call, arguments: piece } })];
  }

  #indexOf(event: Members): number {
    const { index } = event;
    if (typeof index === 'number' && Number.isSafeInteger(index) && index >= 0) return index;
    throw this.#invalid('The stream has a block without an index.');
  }

  #invalid(message: string): Error {
    return new LMInvalidResponseError(message, { ...this.#exchange.about, partial: this.answer.partial });
  }
}
