import { LM, type LMResponse, NO_USAGE } from 'dspex';
import { INSTANT_ANSWER } from '../task';

/** A model without latency: always the same answer. */
export class InstantLM extends LM {
  readonly model = 'instant';
  readonly endpoint = 'instant:';
  readonly defaults = {};
  readonly capabilities = { jsonMode: false, jsonSchema: false, functionCalling: false, reasoning: false };
  readonly #text: string;

  constructor(text: string = INSTANT_ANSWER) {
    super();
    this.#text = text;
  }

  generate(): Promise<LMResponse> {
    return Promise.resolve(responseOf(this.model, this.#text));
  }

  async close(): Promise<void> {
    // Holds nothing.
  }

  stats() {
    return { inFlight: 0, queued: 0, requests: 0, cacheHits: 0, shared: 0, breaker: 'none' } as const;
  }
}

/** A model that takes its time, by a timer of the platform. */
export class SleepingLM extends InstantLM {
  readonly #latencyMs: number;

  constructor(latencyMs: number, text?: string) {
    super(text);
    this.#latencyMs = latencyMs;
  }

  override generate(): Promise<LMResponse> {
    return new Promise((resolve) => {
      setTimeout(() => super.generate().then(resolve), this.#latencyMs);
    });
  }
}

function responseOf(model: string, text: string): LMResponse {
  return { model, completions: [{ text, finishReason: 'stop' }], usage: NO_USAGE, cached: false, attempts: 1 };
}
