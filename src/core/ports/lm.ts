import { deltasOf, type LMDelta, type OnDelta } from '../primitives/lm-delta';
import type { LMOptions, LMRequest } from '../primitives/lm-request';
import type { LMResponse } from '../primitives/lm-response';
import type { Message } from '../primitives/message';
import type { Price } from '../primitives/price';
import { CallStream, STREAM_LIMITS } from '../util/streams/call-stream';
import type { Adapter } from './adapter';

/** What a model can take; a request it cannot take is shaped by the adapter before it is sent. */
export interface LMCapabilities {
  /** Accepts `responseFormat: json_object`. */
  readonly jsonMode: boolean;
  /** Accepts `responseFormat: json_schema`. */
  readonly jsonSchema: boolean;
  readonly functionCalling: boolean;
  readonly reasoning: boolean;
  /** Reads pictures; absent means unknown, and nothing is refused for it. So with the following. */
  readonly images?: boolean;
  readonly audio?: boolean;
  readonly logprobs?: boolean;
  readonly streaming?: boolean;
  /** Samples at a temperature that the caller chooses. */
  readonly temperature?: boolean;
  /** Gives quotations from documents of the prompt beside its text. */
  readonly citations?: boolean;
  /** Longest answer, in tokens. */
  readonly maxOutputTokens?: number;
}

export const NO_CAPABILITIES: LMCapabilities = Object.freeze({
  jsonMode: false,
  jsonSchema: false,
  functionCalling: false,
  reasoning: false,
});

/** How one call is to be carried out; none of it changes the answer, so none of it is in the request. */
export interface CallScope {
  /** Aborting rejects the call with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Time for the whole call, retries and waits included, in milliseconds. */
  readonly deadlineMs?: number;
  /**
   * Asks for the answer in pieces and is told each one; the promise of `generate` still brings the whole. Who cannot
   * stream ignores it, and so does an answer that is there already: then nothing is told, and whoever follows takes the text
   * from the answer, as `stream` does. After the first piece a call is never repeated.
   */
  readonly onDelta?: OnDelta;
  /** `false` neither looks into the cache nor writes to it. */
  readonly cache?: boolean;
  /** Calls that wait for their turn go by this, higher first; default 0. */
  readonly priority?: number;
}

/** Counters of one LM, for people and tests. */
export interface LMStats {
  readonly inFlight: number;
  readonly queued: number;
  /** Requests that reached the provider. */
  readonly requests: number;
  readonly cacheHits: number;
  /** Callers that shared the request of another caller in flight. */
  readonly shared: number;
  readonly breaker: 'closed' | 'open' | 'half-open' | 'none';
  /** Most requests in flight for now, where a limiter is in the stack: less than its maximum after the server said 429. */
  readonly limit?: number;
  /** How long no request is sent because the server asked for it, in milliseconds, where a limiter is in the stack. */
  readonly pauseMs?: number;
}

/**
 * A language model: the port that every client and every layer around a client implements, and its own DI token.
 *
 * Protocol: `createRequest` merges the LM's defaults, `generate` answers it. `generate` may be called concurrently, never
 * mutates the request, freezes what it returns, rejects with an `LMError` or the signal's reason, and settles soon
 * after the signal fires. After `close()` it rejects with `LMClosedError`.
 */
export abstract class LM {
  /** The model's name as the provider knows it. */
  abstract readonly model: string;
  /** Where the model lives; part of the request key. */
  abstract readonly endpoint: string;
  /** Options that apply unless predictor or call say otherwise. */
  abstract readonly defaults: LMOptions;
  abstract readonly capabilities: LMCapabilities;

  abstract generate(request: LMRequest, scope?: CallScope): Promise<LMResponse>;

  /**
   * `generate`, followed while it goes on: the pieces by `for await`, the whole answer by `result`. An answer that came in one
   * piece is told as one. Leaving the loop aborts the request.
   */
  stream(request: LMRequest, { signal, ...scope }: Omit<CallScope, 'onDelta'> = {}): CallStream<LMDelta, LMResponse> {
    return new CallStream<LMDelta, LMResponse>(
      { owner: this.model, signal, ...STREAM_LIMITS },
      async (push, stopped) => {
        let told = false;
        const onDelta: OnDelta = (delta) => {
          told = true;
          const { text, reasoning, toolCall } = delta;
          return push(delta, (text ?? reasoning ?? toolCall?.arguments ?? '').length);
        };
        const response = await this.generate(request, { ...scope, signal: stopped, onDelta });
        for (const delta of told ? [] : deltasOf(response)) await onDelta(delta);
        return response;
      },
    );
  }

  /** Drains what is in flight and releases sockets, memory and threads. */
  abstract close(): Promise<void>;

  abstract stats(): LMStats;

  /** `await using lm = ...` closes it at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The adapter this model works best with; it yields to one given by call, predictor or context. */
  get preferredAdapter(): Adapter | undefined {
    return undefined;
  }

  /** What its tokens cost; `undefined` where that is not known. */
  get price(): Price | undefined {
    return undefined;
  }

  /** A complete request for this model: the defaults with `options` on top. */
  createRequest(messages: readonly Message[], options: LMOptions = {}, rolloutId?: number | string): LMRequest {
    return {
      endpoint: this.endpoint,
      model: this.model,
      messages,
      options: { ...this.defaults, ...options },
      ...(rolloutId === undefined ? {} : { rolloutId }),
    };
  }
}
