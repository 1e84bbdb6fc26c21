import { BudgetExceededError } from '../../../core/errors/clients/budget-exceeded-error';
import { AllFailedError } from '../../../core/errors/clients/routing-errors';
import { ContextWindowExceededError, isOutage, LMError } from '../../../core/errors/lm-errors';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import { type CallScope, LM } from '../../../core/ports/lm';
import type { LMRequest } from '../../../core/primitives/lm-request';
import type { LMResponse } from '../../../core/primitives/lm-response';
import { tell } from '../../../core/settings/in-span';
import { checkOptions, wholeNumber } from '../../../core/util/check-options';
import { LMGroup } from './lm-group';
import { OneCall } from './one-call';

/** Options of `fallback`. */
export interface FallbackOptions {
  /**
   * Which failures are given to the next LM; default every outage (`isOutage`: the model was not reached) but a spent budget, which holds
   * for the next one as well. It is asked for errors of class `LMError` only, never after a piece of the answer was told, and never after the caller's signal or deadline.
   */
  readonly when?: (error: LMError) => boolean;
  /** Whether a prompt that does not fit is given to the next LM as well, which may have a larger window; default false. */
  readonly contextWindow?: boolean;
  /** Longest time for one LM while there is another, in milliseconds; default half of the time that is left to the call. */
  readonly attemptMs?: number;
}

/**
 * The first LM; where it fails, the second; and so on: `fallback(lm('openai/gpt-5-mini'), lm('anthropic/claude-haiku-4-5'))`. The request is
 * made anew for each, with its own model and defaults under what the caller asked for; what not all of them can take is not in it. Rejects with
 * the failure itself when nobody else was asked, and with `AllFailedError` when others were.
 */
export function fallback(...given: readonly [LM, ...LM[]] | readonly [LM, ...LM[], FallbackOptions]): LM {
  const last = given.at(-1);
  const options: FallbackOptions = last instanceof LM || last === undefined ? {} : (last as FallbackOptions);
  const lms = (last instanceof LM ? given : given.slice(0, -1)) as readonly LM[];
  checkOptions('fallback', options, ['when', 'contextWindow', 'attemptMs']);
  const { when = isElsewhere, contextWindow = false, attemptMs } = options;
  if (typeof when !== 'function') throw new InvalidOptionError('fallback', 'when', when, 'a function');
  if (typeof contextWindow !== 'boolean') {
    throw new InvalidOptionError('fallback', 'contextWindow', contextWindow, 'true or false');
  }
  if (attemptMs !== undefined) wholeNumber('fallback', 'attemptMs', attemptMs, 1);
  const helps = (error: LMError) => when(error) || (contextWindow && error instanceof ContextWindowExceededError);
  return new FallbackLM(lms, helps, attemptMs);
}

/** A failure that another LM need not share. */
function isElsewhere(error: LMError): boolean {
  return isOutage(error) && !(error instanceof BudgetExceededError);
}

class FallbackLM extends LMGroup {
  constructor(
    members: readonly LM[],
    private readonly helps: (error: LMError) => boolean,
    private readonly attemptMs: number | undefined,
  ) {
    super('fallback', members);
  }

  /** Not that of the first: a cache above must not give the answers of the others for its own. */
  override get endpoint(): string {
    return `fallback:${this.members.map(({ model, endpoint }) => `${model}@${endpoint}`).join(',')}`;
  }

  async generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    scope.signal?.throwIfAborted();
    this.checkOpen();
    const call = new OneCall(request, scope, this.defaults);
    const { members } = this;
    for (const [index, lm] of members.entries()) {
      const isLast = index === members.length - 1;
      try {
        return await call.ask(lm, isLast ? undefined : (this.attemptMs ?? call.leftMs / 2));
      } catch (error) {
        // What is no failure of an LM, such as the caller's own reason, is nobody else's business.
        if (!(error instanceof LMError) || scope.signal?.aborted === true || this.closed) throw error;
        call.failures.push(error);
        if (isLast || !call.goesOn || !this.helps(error)) break;
        tell('routing', () => ({ by: 'fallback', from: lm.model, to: members[index + 1]?.model, code: error.code }));
      }
    }
    const [only] = call.failures;
    if (call.failures.length === 1 && only !== undefined) throw only;
    throw new AllFailedError('fallback', call.failures, call.lost);
  }
}
