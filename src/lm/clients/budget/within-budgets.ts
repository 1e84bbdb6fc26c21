import type { LMErrorDetails } from '../../../core/errors/lm-errors';
import { abortSourceOf, scopeWith } from '../../../core/ports/call-scope';
import type { CallScope } from '../../../core/ports/lm';
import { lostUsage } from '../../../core/primitives/lost-usage';
import type { Price } from '../../../core/primitives/price';
import type { Usage } from '../../../core/primitives/usage';
import type { Budget, Estimate, Reservation } from '../../../core/settings/budget';
import { eachSupplier } from '../../../core/settings/resolve';
import { type AbortSource, Cancellation } from '../../../core/util/cancellation';
import { onAbort } from '../../../core/util/on-abort';
import { MAX_TIMER_MS } from '../../resilience/deadline';

/** A call that budgets bound. */
export interface BudgetedCall<A> {
  readonly about: LMErrorDetails;
  readonly price: Price | undefined;
  /** A budget beside those of the settings. */
  readonly own: Budget | undefined;
  readonly estimate: () => Estimate;
  /** What the answer took, lost attempts included. */
  readonly usageOf: (answer: A) => Usage;
  readonly send: (scope: CallScope) => Promise<A>;
}

/** Budgets that hold the call already, for layers inside of layers: nothing is counted twice. */
const HELD = Symbol('budgets that hold this call');
type HeldScope = CallScope & { readonly [HELD]?: ReadonlySet<Budget> };

/**
 * Sends the call when every budget around the running code has enough left for it: each one of nested contexts, that of
 * `configure()`, and its own. Rejects with `BudgetExceededError` before anything is sent, or when the time of one is over.
 */
export function withinBudgets<A>(call: BudgetedCall<A>, scope: CallScope): Promise<A> {
  try {
    abortSourceOf(scope)?.throwIfAborted();
    const held = (scope as HeldScope)[HELD];
    const budgets = budgetsHere(call.own, held);
    // Most calls have no budget: theirs is the promise of the call itself.
    return budgets.length === 0 ? call.send(scope) : boundBy(budgets, held, call, scope);
  } catch (error) {
    return Promise.reject(error);
  }
}

async function boundBy<A>(
  budgets: readonly Budget[],
  held: ReadonlySet<Budget> | undefined,
  call: BudgetedCall<A>,
  scope: CallScope,
): Promise<A> {
  const reservations = reserve(budgets, call);
  const clock = startClock(budgets, call, scope);
  let usage: Usage | undefined;
  try {
    const holding: HeldScope = { [HELD]: new Set([...(held ?? []), ...budgets]) };
    const answer = await call.send(scopeWith(scope, holding, clock.source));
    usage = call.usageOf(answer);
    return answer;
  } catch (error) {
    usage = lostUsage(error, call.price);
    throw error;
  } finally {
    clock.stop();
    for (const reservation of reservations) reservation.settle(usage);
  }
}

/** Each once: the same budget may be given at several levels. */
function budgetsHere(own: Budget | undefined, held: ReadonlySet<Budget> | undefined): readonly Budget[] {
  const found: Budget[] = [];
  const add = (budget: Budget | undefined) => {
    if (budget !== undefined && held?.has(budget) !== true && !found.includes(budget)) found.push(budget);
    return false;
  };
  add(own);
  eachSupplier('budget', {}, add);
  return found;
}

/** A text that tells apart who pays for calls from here: calls with different budgets must not share a request. */
export function budgetsKey(): string {
  return budgetsHere(undefined, undefined)
    .map((budget) => {
      const known = numbers.get(budget);
      if (known !== undefined) return known;
      numbers.set(budget, ++lastNumber);
      return lastNumber;
    })
    .join(' ');
}

const numbers = new WeakMap<Budget, number>();
let lastNumber = 0;

/** All of them, or none. */
function reserve(
  budgets: readonly Budget[],
  { estimate, about }: Pick<BudgetedCall<unknown>, 'estimate' | 'about'>,
): readonly Reservation[] {
  const wanted = estimate();
  const reservations: Reservation[] = [];
  try {
    for (const budget of budgets) reservations.push(budget.reserve(wanted, about));
  } catch (error) {
    for (const reservation of reservations) reservation.settle(undefined);
    throw error;
  }
  return reservations;
}

/**
 * Gives the call up when the time of the tightest budget is over. It calls off and sets no deadline: a deadline would lengthen the shorter
 * one that the client may have of its own.
 */
function startClock(
  budgets: readonly Budget[],
  { about }: Pick<BudgetedCall<unknown>, 'about'>,
  scope: CallScope,
): { readonly source: AbortSource | undefined; readonly stop: () => void } {
  const outer = abortSourceOf(scope);
  const left = (budget: Budget) => budget.remaining.wallClockMs ?? Number.POSITIVE_INFINITY;
  const tightest = budgets.reduce((a, b) => (left(b) < left(a) ? b : a));
  const leftMs = left(tightest);
  if (leftMs > MAX_TIMER_MS) return { source: outer, stop: () => {} };
  const cancellation = new Cancellation();
  const onTime = () => {
    const error = tightest.timeOver(about);
    // It was under way: a request may have been sent.
    error.attempts = 1;
    cancellation.abort(error);
  };
  // Timers may be a moment early, and then the next call would find some of the time left.
  const timer = setTimeout(onTime, Math.ceil(leftMs) + 1).unref();
  const unlisten = outer && onAbort(outer, () => cancellation.abort(outer.reason));
  return {
    source: cancellation,
    stop: () => {
      clearTimeout(timer);
      unlisten?.();
    },
  };
}
