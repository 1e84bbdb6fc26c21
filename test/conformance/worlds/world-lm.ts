import { LM, type LMStats, NO_CAPABILITIES } from '../../../src/core/ports/lm';
import type { LMOptions, LMRequest } from '../../../src/core/primitives/lm-request';
import type { LMResponse } from '../../../src/core/primitives/lm-response';
import { textOf } from '../../../src/core/primitives/message';
import { NO_USAGE } from '../../../src/core/primitives/usage';
import { loadWorld, type World, type WorldRequest, worldReply } from './world';

/** A request as it was sent, with the name of the model. */
export interface SentRequest extends WorldRequest {
  readonly lm: string;
  readonly error?: string;
}

const KWARGS: Readonly<Record<string, string>> = {
  maxTokens: 'max_tokens',
  topP: 'top_p',
  responseFormat: 'response_format',
};

/** A model that answers as a world does and writes every request into a common log. */
export class WorldLM extends LM {
  readonly endpoint: string;
  readonly capabilities = NO_CAPABILITIES;
  private readonly world: World;

  constructor(
    readonly model: string,
    world: string,
    readonly log: SentRequest[],
    readonly defaults: LMOptions = { temperature: 0, maxTokens: 1000 },
  ) {
    super();
    this.endpoint = `world:${world}`;
    this.world = loadWorld(world);
  }

  async generate(request: LMRequest): Promise<LMResponse> {
    const messages = request.messages.map((message) => [message.role, textOf(message)] as const);
    const sent = { lm: this.model, messages, kwargs: kwargsOf(request) };
    const count = request.options.n ?? 1;
    try {
      const texts = Array.from({ length: count }, (_, index) => worldReply(this.world, sent, index));
      this.log.push(sent);
      return {
        model: this.model,
        completions: texts.map((text) => ({ text, finishReason: 'stop' })),
        usage: { ...NO_USAGE, calls: 1 },
        cached: false,
        attempts: 1,
      };
    } catch (error) {
      this.log.push({ ...sent, error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }

  async close(): Promise<void> {}

  stats(): LMStats {
    return { inFlight: 0, queued: 0, requests: this.log.length, cacheHits: 0, shared: 0, breaker: 'none' };
  }
}

function kwargsOf({ options, rolloutId }: LMRequest): Record<string, unknown> {
  const kwargs = Object.entries(options).map(([name, value]) => [KWARGS[name] ?? name, value]);
  return { ...Object.fromEntries(kwargs), ...(rolloutId === undefined ? {} : { rollout_id: rolloutId }) };
}
