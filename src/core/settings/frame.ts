import { AsyncLocalStorage } from 'node:async_hooks';
import type { LMOptions } from '../primitives/lm-request';
import type { TraceStep } from '../primitives/trace';
import type { Usage } from '../primitives/usage';
import type { Span } from '../telemetry/events';
import type { SettingsSource } from './home';
import type { Settings } from './settings';
import type { Watcher } from './watcher';

/** Settings laid over others; the innermost comes first. */
export interface Overlay {
  readonly values: Settings;
  readonly outer: Overlay | undefined;
}

/** A sum that grows while work goes on, and the sum around it. */
export interface UsageMeter {
  total: Usage;
  /** The same by model, `gpt-5-mini at https://api.openai.com/v1`; kept only where somebody wants it. */
  readonly byModel?: Map<string, Usage>;
  readonly outer: UsageMeter | undefined;
}

/** What surrounds one call tree: settings, trace, abort scope. Immutable, apart from the trace and the meter it points to. */
export interface Frame {
  /** Options given to a call around this one. */
  readonly call?: Overlay | undefined;
  /** Settings that `program.with(...)` fixed. */
  readonly pinned?: Overlay | undefined;
  /** Settings of `context(...)`. */
  readonly ambient?: Overlay | undefined;
  readonly home?: SettingsSource | undefined;
  /** Generation options given to calls around this one, the inner ones over the outer ones. */
  readonly config?: (LMOptions & { readonly rolloutId?: number | string }) | undefined;
  readonly trace?: TraceStep[] | undefined;
  readonly usage?: UsageMeter | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The piece of work that telemetry is in; set only while somebody listens. */
  readonly span?: Span | undefined;
  /** Who watches this call as it goes on; set by `stream`. */
  readonly watcher?: Watcher | undefined;
  /** The modules being called, outermost first. */
  readonly modules?: readonly object[] | undefined;
}

const EMPTY: Frame = Object.freeze({});
const storage = new AsyncLocalStorage<Frame>();

/** The frame of the running code. */
export function currentFrame(): Frame {
  return storage.getStore() ?? EMPTY;
}

/** Runs `fn` in the current frame with some parts replaced. */
export function runInFrame<R>(change: Partial<Frame>, fn: () => R): R {
  return storage.run({ ...currentFrame(), ...change }, fn);
}

/**
 * Binds `fn` to the frame of now, for whoever queues work: a queue runs it later, in somebody else's frame.
 */
export function bindFrame<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R {
  const frame = currentFrame();
  return (...args) => storage.run(frame, () => fn(...args));
}

/** Aborts when the call around the running code is left or cancelled; `undefined` outside of every call. */
export function currentSignal(): AbortSignal | undefined {
  return currentFrame().signal;
}

/** The module calls around the running code, outermost first. */
export function currentModules(): readonly object[] {
  return currentFrame().modules ?? [];
}
