import { InvalidOptionError } from '../../../core/errors/option-errors';
import type { CallScope, LM } from '../../../core/ports/lm';
import type { LMRequest } from '../../../core/primitives/lm-request';
import type { LMResponse } from '../../../core/primitives/lm-response';
import type { Usage } from '../../../core/primitives/usage';
import { Budget } from '../../../core/settings/budget';
import { checkOptions } from '../../../core/util/check-options';
import { LMLayer } from '../../layer';
import { estimateOf } from './estimate';
import { withinBudgets } from './within-budgets';

/** Options of `budgeted`. */
export interface BudgetedOptions {
  /** A budget for everything that goes through this LM, beside those of the settings. */
  readonly budget?: Budget;
}

/**
 * The LM, held to budgets: each call reserves what it may need in every budget of the settings around it, and settles what it took.
 * Stands under the cache, so that answers from there are free, and above the retries. Where there is no budget it costs one look.
 */
export function budgeted(lm: LM, options: BudgetedOptions = {}): LM {
  checkOptions('budgeted', options, ['budget']);
  const { budget } = options;
  if (budget !== undefined && !(budget instanceof Budget)) {
    throw new InvalidOptionError('budgeted', 'budget', budget, 'a Budget');
  }
  return new BudgetedLM(lm, budget);
}

class BudgetedLM extends LMLayer {
  constructor(
    inner: LM,
    private readonly budget: Budget | undefined,
  ) {
    super(inner);
  }

  override generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    const { inner, budget: own } = this;
    const { model, endpoint, price, capabilities } = inner;
    return withinBudgets(
      {
        about: { model, endpoint },
        price,
        own,
        usageOf,
        estimate: () => estimateOf(request, capabilities, price),
        send: (narrowed) => inner.generate(request, narrowed),
      },
      scope,
    );
  }
}

/** With the attempts that were lost, whether or not the layers inside have counted them. */
function usageOf({ usage, attempts }: LMResponse): Usage {
  return { ...usage, lostAttempts: Math.max(usage.lostAttempts, attempts - 1) };
}
