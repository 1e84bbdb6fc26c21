import { AllFailedError } from '../../../core/errors/clients/routing-errors';
import { ContextWindowExceededError, isOutage, LMError } from '../../../core/errors/lm-errors';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import { type CallScope, LM } from '../../../core/ports/lm';
import type { LMRequest } from '../../../core/primitives/lm-request';
import type { LMResponse } from '../../../core/primitives/lm-response';
import { checkOptions, wholeNumber } from '../../../core/util/check-options';
import { LMGroup } from './lm-group';
import { OneCall } from './one-call';

/** Options of `fallback`. */
export interface FallbackOptions {
  /**
   * Which failures are given to the next LM; default `isOutage`: the model was not reached. It is asked for errors of class `LMError` only,
   * never after a piece of the answer was told, and never after the caller's signal or deadline.
   */
  readonly when?: (error: LMError) => boolean;
  /** Whether a prompt that does not fit is given to the next LM as well, which may have a larger window; default false. */
  readonly contextWindow?: boolean;
  /** Longest time for one LM while there is another, in milliseconds; default the time of the call. */
  readonly attemptMs?: number;
}

/**
 * The first LM; where it fails, the second; and so on: `fallback(lm('openai/gpt-5-mini'), lm('anthropic/claude-haiku-4-5'))`. The request is
 * the same but for model and endpoint, so it has the first one's defaults; what not all of them can take is not in it. Rejects with
 * the failure itself when nobody else was asked, and with `AllFailedError` when others were.
 */
export function fallback(...given: readonly [LM, ...LM[]] | readonly [LM, ...LM[], FallbackOptions]): LM {
  const last = given.at(-1);
  const options: FallbackOptions = last instanceof LM || last === undefined ? {} : (last as FallbackOptions);
  const lms = (last instanceof LM ? given : given.slice(0, -1)) as readonly LM[];
  checkOptions('fallback', options, ['when', 'contextWindow', 'attemptMs']);
  const { when = isOutage, contextWindow = false, attemptMs } = options;
  if (typeof when !== 'function') throw new InvalidOptionError('fallback', 'when', when, 'a function');
  if (typeof contextWindow !== 'boolean') {
    throw new InvalidOptionError('fallback', 'contextWindow', contextWindow, 'true or false');
  }
  if (attemptMs !== undefined) wholeNumber('fallback', 'attemptMs', attemptMs, 1);
  const helps = (error: LMError) => when(error) || (contextWindow && error instanceof ContextWindowExceededError);
  return new FallbackLM(lms, helps, attemptMs);
}

class FallbackLM extends LMGroup {
  constructor(
    members: readonly LM[],
    private readonly helps: (error: LMError) => boolean,
    private readonly attemptMs: number | undefined,
  ) {
    super('fallback', members);
  }

  async generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    scope.signal?.throwIfAborted();
    this.checkOpen();
    const call = new OneCall(request, scope);
    const { members } = this;
    for (const [index, lm] of members.entries()) {
      const isLast = index === members.length - 1;
      try {
        return await call.ask(lm, isLast ? undefined : this.attemptMs);
      } catch (error) {
        // What is no failure of an LM, such as the caller's own reason, is nobody else's business.
        if (!(error instanceof LMError) || scope.signal?.aborted === true || this.closed) throw error;
        call.failures.push(error);
        if (isLast || !call.goesOn || !this.helps(error)) break;
      }
    }
    const [only] = call.failures;
    if (call.failures.length === 1 && only !== undefined) throw only;
    throw new AllFailedError('fallback', call.failures, call.lost);
  }
}
