import { AsyncLocalStorage } from 'node:async_hooks';
import type { LMOptions } from '../primitives/lm-request';
import type { TraceStep } from '../primitives/trace';
import type { Usage } from '../primitives/usage';
import type { Span } from '../telemetry/events';
import { type AbortSource, Cancellation } from '../util/cancellation';
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

/** A module being called, and those around it. */
export interface ModuleCall {
  readonly module: object;
  readonly outer: ModuleCall | undefined;
  /** The one around all others. */
  readonly outermost: object;
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
  /** Fires when the call around the running code is left or cancelled. */
  readonly cancellation?: AbortSource | undefined;
  /** The piece of work that telemetry is in; set only while somebody listens. */
  readonly span?: Span | undefined;
  /** Who watches this call as it goes on; set by `stream`. */
  readonly watcher?: Watcher | undefined;
  /** The modules being called, the innermost first. */
  readonly modules?: ModuleCall | undefined;
}

/** A frame that nobody runs in yet. */
export type FrameInTheMaking = { -readonly [K in keyof Frame]: Frame[K] };

/** One shape for all frames: every call makes three of them, and spreading objects of changing shapes took 2 us of each call. */
class FrameCopy implements FrameInTheMaking {
  call: Frame['call'];
  pinned: Frame['pinned'];
  ambient: Frame['ambient'];
  home: Frame['home'];
  config: Frame['config'];
  trace: Frame['trace'];
  usage: Frame['usage'];
  cancellation: Frame['cancellation'];
  span: Frame['span'];
  watcher: Frame['watcher'];
  modules: Frame['modules'];

  constructor(outer: Frame) {
    this.call = outer.call;
    this.pinned = outer.pinned;
    this.ambient = outer.ambient;
    this.home = outer.home;
    this.config = outer.config;
    this.trace = outer.trace;
    this.usage = outer.usage;
    this.cancellation = outer.cancellation;
    this.span = outer.span;
    this.watcher = outer.watcher;
    this.modules = outer.modules;
  }
}

const EMPTY: Frame = Object.freeze(new FrameCopy({}));
const storage = new AsyncLocalStorage<Frame>();

/** The frame of the running code. */
export function currentFrame(): Frame {
  return storage.getStore() ?? EMPTY;
}

/** A frame like `outer`, for its maker to change before anybody runs in it. */
export function copyOfFrame(outer: Frame): FrameInTheMaking {
  return new FrameCopy(outer);
}

/** Runs `fn` in the current frame with some parts replaced. */
export function runInFrame<R>(change: Partial<Frame>, fn: () => R): R {
  return storage.run(Object.assign(copyOfFrame(currentFrame()), change), fn);
}

/** Runs `fn` in a frame made by the caller: `runInFrame` without the copy. */
export function runInExactFrame<R>(frame: Frame, fn: () => R): R {
  return storage.run(frame, fn);
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
  const { cancellation } = currentFrame();
  return cancellation instanceof Cancellation ? cancellation.signal : cancellation;
}

/** What `currentSignal()` is the signal of, for our own work: a signal of the platform is made when somebody asks for it. */
export function currentCancellation(): AbortSource | undefined {
  return currentFrame().cancellation;
}

/** The module calls around the running code, outermost first. */
export function currentModules(): readonly object[] {
  const modules: object[] = [];
  for (let call = currentFrame().modules; call !== undefined; call = call.outer) modules.unshift(call.module);
  return modules;
}

/** The outermost of them; what it calls belongs together. */
export function outermostModule(): object | undefined {
  return currentFrame().modules?.outermost;
}
