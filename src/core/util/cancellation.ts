import { setMaxListeners } from 'node:events';

/** What work listens to in order to be called off: a signal of the platform, or one of our own. `onAbort` takes either. */
export type AbortSource = AbortSignal | Cancellation;

/** An object that hears of an abort: where every function counts, it spares the two that `listen` needs. */
export interface AbortListener {
  /** Must not throw. */
  sourceAborted(source: Cancellation): void;
}

/**
 * An `AbortController` that costs next to nothing until somebody needs its signal. Every call of a module has one, and what most of
 * them do with it is to link it to the one around it: a signal of the platform is an event target, and making, linking and
 * aborting it costs more than the rest of the call.
 */
export class Cancellation {
  #aborted = false;
  #reason: unknown;
  #controller: AbortController | undefined;
  /** Most have one listener: the set is made for the second. */
  #listener: Listener | undefined;
  #listeners: Set<Listener> | undefined;

  get aborted(): boolean {
    return this.#aborted;
  }

  /** `undefined` until it is aborted. */
  get reason(): unknown {
    return this.#reason;
  }

  /** The same as a signal of the platform, for whoever wants one. Made when it is first read. */
  get signal(): AbortSignal {
    this.#controller ??= this.#made();
    return this.#controller.signal;
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  /** Calls every listener once, in the order they came, then aborts the signal. Later calls do nothing. */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    if (this.#listener !== undefined) this.#tell(this.#listener);
    // One that a listener before it took away is not called.
    if (this.#listeners !== undefined) for (const listener of this.#listeners) this.#tell(listener);
    this.#listener = undefined;
    this.#listeners = undefined;
    this.#controller?.abort(reason);
  }

  /** Calls `listener` on abort, until the returned function is called. It must not throw, and each is a function of its own. */
  listen(listener: () => void): () => void {
    if (this.#aborted) return nothing;
    this.attach(listener);
    return () => this.detach(listener);
  }

  /** As `listen`, until `detach` is called with the same listener. Does nothing once it is aborted. */
  attach(listener: Listener): void {
    if (this.#aborted) return;
    if (this.#listener === undefined && this.#listeners === undefined) this.#listener = listener;
    else {
      this.#listeners ??= new Set();
      this.#listeners.add(listener);
    }
  }

  /** Tells the listener nothing any more. */
  detach(listener: Listener): void {
    if (this.#listener === listener) this.#listener = undefined;
    else this.#listeners?.delete(listener);
  }

  #tell(listener: Listener): void {
    if (typeof listener === 'function') listener();
    else listener.sourceAborted(this);
  }

  #made(): AbortController {
    const made = new AbortController();
    // Everything inside may listen: that many listeners are no leak.
    setMaxListeners(0, made.signal);
    if (this.#aborted) made.abort(this.#reason);
    return made;
  }
}

type Listener = AbortListener | (() => void);

function nothing(): void {
  // What was aborted has no listeners any more.
}
