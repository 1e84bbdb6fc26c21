import { NoMoreAnswersError } from '../../core/errors/call-errors';
import { LMClosedError } from '../../core/errors/lm-errors';
import type { Adapter } from '../../core/ports/adapter';
import { abortSourceOf } from '../../core/ports/call-scope';
import { type CallScope, LM, type LMCapabilities, type LMStats, NO_CAPABILITIES } from '../../core/ports/lm';
import type { LMDelta, OnDelta } from '../../core/primitives/lm-delta';
import type { LMOptions, LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import { type Message, textOf } from '../../core/primitives/message';
import { FREE, type Price } from '../../core/primitives/price';
import { NO_USAGE } from '../../core/primitives/usage';
import { type FieldValues, fieldSpec } from '../../core/signatures/field-spec';
import { formatFieldValue } from '../../core/signatures/python-text';
import { ANY } from '../../core/signatures/type-spec';
import { checkOptions, wholeNumber } from '../../core/util/check-options';
import { untilAborted } from '../../lm/resilience/deadline';

/** One scripted answer: fields (laid out as the prompt asks), a text as it is, or an error to fail with. */
export type DummyAnswer = FieldValues | string | Error;

/** Answers in order, answers by a text that occurs in the last message, or a function of the request. */
export type DummyAnswers =
  | readonly DummyAnswer[]
  | Readonly<Record<string, DummyAnswer>>
  | ((request: LMRequest, index: number) => DummyAnswer | Promise<DummyAnswer>);

export interface DummyLMOptions {
  /** Lays fields out as this adapter does, when it is one of DSPy's; default: as the prompt asks. */
  readonly adapter?: Adapter;
  /** Answers with the demo whose inputs are the prompt's, when there is one; default false. */
  readonly followExamples?: boolean;
  /** When answers run out: fail with `NoMoreAnswersError` (default), or answer `No more responses` as DSPy does. */
  readonly exhausted?: 'error' | 'answer';
  /** The model's own thinking, returned beside every answer. */
  readonly reasoning?: string;
  /** How a streamed answer is cut: so many characters a piece, or a function of the text; default words. */
  readonly pieces?: number | ((text: string) => readonly string[]);
  /** Name of the model; default `dummy`. */
  readonly model?: string;
  readonly defaults?: LMOptions;
  /** What the model is said to be able to do; default nothing. */
  readonly capabilities?: Partial<LMCapabilities>;
}

const OPTIONS: readonly (keyof DummyLMOptions)[] = [
  'adapter',
  'followExamples',
  'exhausted',
  'reasoning',
  'pieces',
  'model',
  'defaults',
  'capabilities',
];
const LAYOUTS: Readonly<Record<string, 'chat' | 'xml'>> = { ChatAdapter: 'chat', XMLAdapter: 'xml' };
const NO_MORE = 'No more responses';

/** A language model that answers from a script: deterministic, without a network. (DSPy: `DummyLM`.) */
export class DummyLM extends LM {
  readonly model: string;
  readonly endpoint = 'dummy:';
  readonly defaults: LMOptions;
  readonly capabilities: LMCapabilities;
  /** Every request so far, in order. */
  readonly requests: LMRequest[] = [];
  private readonly script: DummyAnswers;
  private readonly options: DummyLMOptions;
  private given = 0;
  private inFlight = 0;
  private closed = false;

  constructor(answers: DummyAnswers, options: DummyLMOptions = {}) {
    super();
    checkOptions('DummyLM', options, OPTIONS);
    this.script = answers;
    this.options = options;
    if (typeof options.pieces === 'number') wholeNumber('DummyLM', 'pieces', options.pieces, 1);
    this.model = options.model ?? 'dummy';
    this.defaults = Object.freeze({ ...options.defaults });
    this.capabilities = Object.freeze({ ...NO_CAPABILITIES, ...options.capabilities });
  }

  async generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    abortSourceOf(scope)?.throwIfAborted();
    if (this.closed) throw new LMClosedError(`${this.model} is closed.`, { model: this.model });
    this.requests.push(request);
    this.inFlight += 1;
    try {
      const texts: string[] = [];
      for (let index = 0; index < (request.options.n ?? 1); index += 1) texts.push(await this.answer(request));
      abortSourceOf(scope)?.throwIfAborted();
      if (scope.onDelta !== undefined) await this.tellAll(texts, scope.onDelta, scope.signal);
      return this.response(request, texts);
    } finally {
      this.inFlight -= 1;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  override get price(): Price {
    return FREE;
  }

  stats(): LMStats {
    return {
      inFlight: this.inFlight,
      queued: 0,
      requests: this.requests.length,
      cacheHits: 0,
      shared: 0,
      breaker: 'none',
    };
  }

  /** The answers in pieces, one completion after the other. */
  private async tellAll(texts: readonly string[], onDelta: OnDelta, signal: AbortSignal | undefined): Promise<void> {
    const { reasoning, pieces } = this.options;
    for (const [index, text] of texts.entries()) {
      const thoughts = cut(reasoning ?? '', pieces).map((piece): LMDelta => ({ index, reasoning: piece }));
      const said = cut(text, pieces).map((piece): LMDelta => ({ index, text: piece }));
      for (const delta of [...thoughts, ...said]) {
        // A turn of its own for each, as pieces from a network have.
        await untilAborted(Promise.resolve(onDelta(delta)), signal);
        signal?.throwIfAborted();
      }
    }
  }

  private async answer(request: LMRequest): Promise<string> {
    const example = this.options.followExamples === true ? followedExample(request.messages) : undefined;
    if (example !== undefined) return example;
    const index = this.given++;
    const answer = await this.scripted(request, index);
    if (answer instanceof Error) throw answer;
    return typeof answer === 'string' ? answer : this.layOut(request, answer);
  }

  private scripted(request: LMRequest, index: number): DummyAnswer | Promise<DummyAnswer> {
    const { script } = this;
    if (typeof script === 'function') return script(request, index);
    if (isList(script))
      return script[index] ?? this.noMore(request, `only ${script.length} answers`, { answer: NO_MORE });
    const prompt = lastText(request.messages);
    const key = Object.keys(script).find((part) => prompt.includes(part));
    return (key === undefined ? undefined : script[key]) ?? this.noMore(request, 'no answer', NO_MORE);
  }

  private noMore(request: LMRequest, answers: string, dspyAnswer: DummyAnswer): DummyAnswer {
    if (this.options.exhausted === 'answer') return dspyAnswer;
    return new NoMoreAnswersError(answers, lastText(request.messages).slice(-400));
  }

  private layOut(request: LMRequest, answer: FieldValues): string {
    const layout = this.layoutFor(request);
    if (layout === 'json') return JSON.stringify(answer, null, 2);
    const blocks = Object.entries(answer).map(([name, value]) => {
      const text = formatFieldValue(fieldSpec({ name, role: 'output', type: ANY }), value);
      return layout === 'xml' ? `<${name}>\n${escaped(text)}\n</${name}>` : `[[ ## ${name} ## ]]\n${text}`;
    });
    return blocks.join('\n\n');
  }

  private layoutFor({ options, messages }: LMRequest): 'chat' | 'json' | 'xml' {
    const { adapter } = this.options;
    if (adapter !== undefined) return LAYOUTS[adapter.name] ?? 'json';
    const asked = lastText(messages);
    if (options.responseFormat !== undefined || asked.includes('Respond with a JSON object')) return 'json';
    return asked.includes('wrapped in XML tags `<') ? 'xml' : 'chat';
  }

  private response(request: LMRequest, texts: readonly string[]): LMResponse {
    const { reasoning } = this.options;
    const completions = texts.map((text) =>
      Object.freeze({ text, finishReason: 'stop' as const, ...(reasoning === undefined ? {} : { reasoning }) }),
    );
    return Object.freeze({
      model: this.model,
      completions: Object.freeze(completions),
      usage: Object.freeze({
        ...NO_USAGE,
        calls: 1,
        inputTokens: sum(request.messages.map(messageWords)),
        outputTokens: sum(texts.map(words)),
      }),
      cached: false,
      attempts: 1,
    });
  }
}

function isList(script: DummyAnswers): script is readonly DummyAnswer[] {
  return Array.isArray(script);
}

/** A text in the pieces in which it is streamed; joined they are the text. */
function cut(text: string, pieces: DummyLMOptions['pieces']): readonly string[] {
  if (typeof pieces === 'function') return pieces(text);
  if (pieces === undefined) return text.match(/\s*\S+\s*$|\s*\S+|\s+$/gu) ?? [];
  return Array.from({ length: Math.ceil(text.length / pieces) }, (_, at) => text.slice(at * pieces, (at + 1) * pieces));
}

/** Markup in a value is text. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function lastText(messages: readonly Message[]): string {
  const last = messages.at(-1);
  return last === undefined ? '' : textOf(last);
}

/** The answer of the last demo whose question contains the first block of the prompt's last message. */
function followedExample(messages: readonly Message[]): string | undefined {
  const asked = lastText(messages).split('\n\n')[0] ?? '';
  const at = messages.findLastIndex(
    (message, index) =>
      message.role === 'assistant' && textOf(messages[index - 1] ?? { role: 'user', content: '' }).includes(asked),
  );
  const found = messages[at];
  return found === undefined ? undefined : textOf(found);
}

/** Messages are counted once: demos are the same objects in every prompt. */
const counted = new WeakMap<Message, number>();

/** Tokens of a dummy are words, so that counts can be foretold. */
function words(text: string): number {
  return text.match(/\S+/gu)?.length ?? 0;
}

function messageWords(message: Message): number {
  const known = counted.get(message) ?? words(textOf(message));
  counted.set(message, known);
  return known;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
