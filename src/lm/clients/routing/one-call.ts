import type { LMError } from '../../../core/errors/lm-errors';
import type { CallScope, LM } from '../../../core/ports/lm';
import type { LMOptions, LMRequest } from '../../../core/primitives/lm-request';
import type { LMResponse } from '../../../core/primitives/lm-response';
import { monotonicMs } from '../../../core/util/clock';

/** One call on its way from LM to LM: what is left of its time, whether its caller has heard anything, and what failed. */
export class OneCall {
  /** The failures so far, in order. */
  readonly failures: LMError[] = [];
  /** True when a piece of the answer was told: from then on nobody else can answer. */
  told = false;
  private readonly endsAt: number;

  constructor(
    private readonly request: LMRequest,
    private readonly scope: CallScope,
    /** The defaults that the request was made with; each LM has its own in their place. */
    private readonly madeWith: LMOptions,
  ) {
    this.endsAt = monotonicMs() + (scope.deadlineMs ?? Number.POSITIVE_INFINITY);
  }

  /** Requests that were sent and brought nothing. */
  get lost(): number {
    return this.failures.reduce((sum, { attempts }) => sum + attempts, 0);
  }

  /** False when the call is over, whatever else could be asked. */
  get goesOn(): boolean {
    return !this.told && this.scope.signal?.aborted !== true && this.endsAt - monotonicMs() > 1;
  }

  /** Time that is left, in milliseconds; infinite without a deadline. */
  get leftMs(): number {
    return this.endsAt - monotonicMs();
  }

  /** Asks this LM, for at most `longestMs`; the lost attempts of the others are in the usage of its answer. */
  async ask(lm: LM, longestMs = Number.POSITIVE_INFINITY): Promise<LMResponse> {
    const { onDelta } = this.scope;
    const leftMs = Math.max(1, Math.min(this.endsAt - monotonicMs(), longestMs));
    const hear: Pick<CallScope, 'onDelta'> =
      onDelta === undefined
        ? {}
        : {
            onDelta: (delta) => {
              this.told = true;
              return onDelta(delta);
            },
          };
    const response = await lm.generate(
      { ...this.request, endpoint: lm.endpoint, model: lm.model, options: this.optionsFor(lm) },
      { ...this.scope, ...hear, ...(Number.isFinite(leftMs) ? { deadlineMs: leftMs } : {}) },
    );
    const { lost } = this;
    if (lost === 0) return response;
    const usage = Object.freeze({ ...response.usage, lostAttempts: response.usage.lostAttempts + lost });
    return Object.freeze({ ...response, usage, attempts: response.attempts + lost });
  }

  /** What the caller asked for, over this LM's own defaults. */
  private optionsFor({ defaults }: LM): LMOptions {
    const { madeWith, request } = this;
    if (defaults === madeWith) return request.options;
    const asked = Object.entries(request.options).filter(
      ([name, value]) => madeWith[name as keyof LMOptions] !== value,
    );
    return { ...defaults, ...Object.fromEntries(asked) };
  }
}
