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

/** Runs `fn` and returns, beside its result, what the calls of LMs it made cost. Inner sums count in outer ones. */
export async function withUsage<R>(fn: () => R | Promise<R>): Promise<{ readonly result: R; readonly usage: Usage }> {
  const meter: UsageMeter = { total: NO_USAGE, outer: currentFrame().usage };
  const result = await runInFrame({ usage: meter }, fn);
  return { result, usage: meter.total };
}

/** Counts what a call of an LM cost in every sum around the running code. */
export function countUsage(usage: Usage): void {
  for (let meter = currentFrame().usage; meter !== undefined; meter = meter.outer) {
    meter.total = addUsage(meter.total, usage);
  }
}
