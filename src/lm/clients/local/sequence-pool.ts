import { LMClosedError } from '../../../core/errors/lm-errors';

/** Prefixes that differ by less than this are equally good, so that the least recently used sequence is taken. */
const SLACK = 16;

/** How many tokens two lists have in common from the start. */
export function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a[at] === b[at]) at += 1;
  return at;
}

/** A sequence for one request; give it back by `release`. */
export interface Lease<S> {
  readonly sequence: S;
  release(): void;
}

interface Waiter<S> {
  readonly tokens: readonly number[];
  readonly resolve: (lease: Lease<S>) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Hands out the sequences of a context, one to a request. A request gets the idle sequence whose contents share the longest
 * prefix with its prompt, so that demonstrations are computed once; when all are busy it waits its turn.
 */
export class SequencePool<S> {
  /** Least recently used first. */
  private readonly idle: S[];
  private readonly waiting: Waiter<S>[] = [];
  private readonly size: number;
  private closed: (() => void) | undefined;

  /** `contents` gives the tokens that a sequence holds now. */
  constructor(
    sequences: readonly S[],
    private readonly contents: (sequence: S) => readonly number[],
  ) {
    this.idle = [...sequences];
    this.size = sequences.length;
  }

  get queued(): number {
    return this.waiting.length;
  }

  /** Rejects with the signal's reason when it fires while waiting. */
  acquire(tokens: readonly number[], signal?: AbortSignal): Promise<Lease<S>> {
    if (this.closed !== undefined) return Promise.reject(closedError());
    const sequence = this.takeBest(tokens);
    if (sequence !== undefined) return Promise.resolve(this.lease(sequence));
    return new Promise((resolve, reject) => {
      const waiter: Waiter<S> = {
        tokens,
        resolve: (lease) => {
          signal?.removeEventListener('abort', leave);
          resolve(lease);
        },
        reject: (reason) => {
          signal?.removeEventListener('abort', leave);
          reject(reason);
        },
      };
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        waiter.reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.waiting.push(waiter);
    });
  }

  /** Turns waiting and later requests away and resolves when every sequence has come back. */
  close(): Promise<void> {
    for (const waiter of this.waiting.splice(0)) waiter.reject(closedError());
    return new Promise((resolve) => {
      this.closed = resolve;
      this.settleClose();
    });
  }

  private takeBest(tokens: readonly number[]): S | undefined {
    const shared = this.idle.map((sequence) => commonPrefix(this.contents(sequence), tokens));
    const best = Math.max(...shared);
    const index = shared.findIndex((length) => length > best - SLACK);
    return index < 0 ? undefined : this.idle.splice(index, 1)[0];
  }

  private lease(sequence: S): Lease<S> {
    let released = false;
    return {
      sequence,
      release: () => {
        if (released) return;
        released = true;
        this.idle.push(sequence);
        this.serveNext();
        this.settleClose();
      },
    };
  }

  private serveNext(): void {
    const next = this.waiting.shift();
    if (next === undefined) return;
    const sequence = this.takeBest(next.tokens);
    if (sequence === undefined) this.waiting.unshift(next);
    else next.resolve(this.lease(sequence));
  }

  private settleClose(): void {
    if (this.idle.length === this.size) this.closed?.();
  }
}

function closedError(): LMClosedError {
  return new LMClosedError('The local model was closed.');
}
