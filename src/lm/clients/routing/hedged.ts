import { LMError } from '../../../core/errors/lm-errors';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import type { CallScope, LM } from '../../../core/ports/lm';
import type { LMRequest } from '../../../core/primitives/lm-request';
import type { LMResponse } from '../../../core/primitives/lm-response';
import { checkOptions, wholeNumber } from '../../../core/util/check-options';
import { monotonicMs } from '../../../core/util/clock';
import { onAbort } from '../../../core/util/on-abort';
import { LMLayer } from '../../layer';
import { LatencyWindow } from './latency-window';

/** Options of `hedged`. */
export interface HedgedOptions {
  /**
   * How long an answer may take before it is asked for once more, in milliseconds; default the time within which 95 of 100 answers came, at
   * least 1,000, and no second request before 20 answers were seen.
   */
  readonly afterMs?: number;
  /** Largest share of calls that get a second request, 0 to 1; default 0.1. */
  readonly max?: number;
}

/** Second requests that may be saved up. */
const MOST_SAVED = 10;

/**
 * The LM, asked a second time when an answer takes unusually long: the first answer counts, the other request is given up and shown as
 * a lost attempt, for which the provider may charge. Not for calls with tools, not for streams, at most one duplicate a call. It belongs
 * under single-flight and cache, which would make the two requests one: `composeLM(hedged(resilient(client)), { resilience: false })`.
 */
export function hedged(lm: LM, options: HedgedOptions = {}): LM {
  checkOptions('hedged', options, ['afterMs', 'max']);
  const { afterMs, max = 0.1 } = options;
  if (afterMs !== undefined) wholeNumber('hedged', 'afterMs', afterMs, 0);
  if (typeof max !== 'number' || !(max >= 0 && max <= 1)) {
    throw new InvalidOptionError('hedged', 'max', max, 'a number from 0 to 1');
  }
  return new HedgedLM(lm, afterMs, max);
}

class HedgedLM extends LMLayer {
  private readonly seen = new LatencyWindow();
  /** Second requests that may be sent now. */
  private saved = 0;

  constructor(
    inner: LM,
    private readonly afterMs: number | undefined,
    private readonly max: number,
  ) {
    super(inner);
  }

  override async generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    if (scope.onDelta !== undefined || (request.options.tools?.length ?? 0) > 0) {
      return this.inner.generate(request, scope);
    }
    scope.signal?.throwIfAborted();
    this.saved = Math.min(MOST_SAVED, this.saved + this.max);
    const afterMs = this.afterMs ?? this.seen.slow();
    const race = new Race(this.inner, request, scope);
    const startedAt = monotonicMs();
    const timer =
      afterMs === undefined
        ? undefined
        : setTimeout(
            () => {
              // Sums of tenths are not exact.
              if (this.saved < 1 - 1e-9) return;
              this.saved -= 1;
              race.start();
            },
            Math.min(afterMs, 2 ** 31 - 1),
          );
    try {
      const response = await race.run();
      this.seen.add(monotonicMs() - startedAt);
      return response;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Equal requests of which the first answer counts. */
class Race {
  private readonly startedAt = monotonicMs();
  private readonly runners = new Set<AbortController>();
  private lost = 0;
  private failure: { readonly error: unknown } | undefined;
  private resolve!: (response: LMResponse) => void;
  private reject!: (error: unknown) => void;
  private readonly result = new Promise<LMResponse>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });

  constructor(
    private readonly lm: LM,
    private readonly request: LMRequest,
    private readonly scope: CallScope,
  ) {}

  async run(): Promise<LMResponse> {
    const { signal } = this.scope;
    const unlisten =
      signal &&
      onAbort(signal, () => {
        for (const runner of this.runners) runner.abort(signal.reason);
        this.reject(signal.reason);
      });
    this.start();
    try {
      return await this.result;
    } finally {
      unlisten?.();
    }
  }

  start(): void {
    const { deadlineMs } = this.scope;
    const runner = new AbortController();
    this.runners.add(runner);
    const leftMs = deadlineMs === undefined ? undefined : Math.max(1, deadlineMs - (monotonicMs() - this.startedAt));
    const scope = { ...this.scope, signal: runner.signal, ...(leftMs === undefined ? {} : { deadlineMs: leftMs }) };
    // An LM that throws in place of rejecting must not bring down the timer that asked it.
    const answer = async () => this.lm.generate(this.request, scope);
    answer().then(
      (response) => this.won(runner, response),
      (error) => this.failed(runner, error),
    );
  }

  private won(runner: AbortController, response: LMResponse): void {
    if (!this.runners.delete(runner)) return;
    for (const loser of this.runners) {
      this.lost += 1;
      loser.abort(new Error('The other of two equal requests was answered first.'));
    }
    this.runners.clear();
    const { lost } = this;
    if (lost === 0) {
      this.resolve(response);
      return;
    }
    const usage = Object.freeze({ ...response.usage, lostAttempts: response.usage.lostAttempts + lost });
    this.resolve(Object.freeze({ ...response, usage, attempts: response.attempts + lost }));
  }

  /** The other request may still be answered; when both fail, the first failure is the caller's. */
  private failed(runner: AbortController, error: unknown): void {
    if (!this.runners.delete(runner)) return;
    if (error instanceof LMError) this.lost += error.attempts;
    this.failure ??= { error };
    if (this.runners.size > 0) return;
    const first = this.failure.error;
    if (first instanceof LMError && this.scope.signal?.aborted !== true) first.attempts = this.lost;
    this.reject(first);
  }
}
