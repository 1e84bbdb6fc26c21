import type { Trace, TraceStep } from '../primitives/trace';
import { addUsage, NO_USAGE, type Usage } from '../primitives/usage';
import { currentFrame, runInFrame, type UsageMeter } from './frame';

/**
 * Runs `fn` and returns, beside its result, the calls of predictors it made, in the order they ended. A trace inside a
 * trace keeps its steps to itself, as in DSPy (`context(trace=[])`); `addTraceSteps` hands them on.
 */
export async function withTrace<R>(fn: () => R | Promise<R>): Promise<{ readonly result: R; readonly trace: Trace }> {
  const trace: TraceStep[] = [];
  const result = await runInFrame({ trace }, fn);
  return { result, trace };
}

/** Appends to the trace that is being kept around the running code, if one is. */
export function addTraceSteps(...steps: readonly TraceStep[]): void {
  currentFrame().trace?.push(...steps);
}

/** What work cost, as `withUsage` tells it. */
export interface TrackedUsage<R> {
  readonly result: R;
  readonly usage: Usage;
  /** The same by model and place, for example `gpt-5-mini at https://api.openai.com/v1`, in the order of their first calls. */
  readonly byModel: Readonly<Record<string, Usage>>;
}

/**
 * Runs `fn` and returns, beside its result, what the calls of models it made cost, the failed ones too. Inner sums count in outer
 * ones. (DSPy: `dspy.track_usage`.)
 */
export async function withUsage<R>(fn: () => R | Promise<R>): Promise<TrackedUsage<R>> {
  const byModel = new Map<string, Usage>();
  const meter: UsageMeter = { total: NO_USAGE, byModel, outer: currentFrame().usage };
  const result = await runInFrame({ usage: meter }, fn);
  return { result, usage: meter.total, byModel: Object.fromEntries(byModel) };
}

/** Counts what a call of that model cost in every sum around the running code. */
export function countUsage(usage: Usage, of: { readonly model: string; readonly endpoint: string }): void {
  for (let meter = currentFrame().usage; meter !== undefined; meter = meter.outer) {
    meter.total = addUsage(meter.total, usage);
    if (meter.byModel === undefined) continue;
    const name = `${of.model} at ${of.endpoint}`;
    meter.byModel.set(name, addUsage(meter.byModel.get(name) ?? NO_USAGE, usage));
  }
}
