import type { CallScope } from '../../../core/ports/lm';

interface Waiting<Q, A> {
  readonly item: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

interface Batch<Q, A> {
  readonly scope: CallScope;
  readonly members: Waiting<Q, A>[];
}

/** Answers many items at once, one answer each in their order. */
export type BatchCall<Q, A> = (items: readonly Q[], scope: CallScope) => Promise<readonly A[]>;

/**
 * Collects the items that are asked for at about the same time (until the event loop has turned once) into requests of at most
 * `size`. Items with different deadlines or priorities do not share one. A request is aborted when nobody waits for it any more.
 */
export class Batcher<Q, A> {
  private readonly open = new Map<string, Batch<Q, A>>();

  constructor(
    private readonly size: number,
    private readonly call: BatchCall<Q, A>,
  ) {}

  /** The answer to one item. Its signal lets this caller go; whoever shares the request is not disturbed. */
  ask(item: Q, { signal, ...scope }: CallScope): Promise<A> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise<A>((resolve, reject) => {
      const key = `${scope.deadlineMs ?? ''} ${scope.priority ?? ''}`;
      let batch = this.open.get(key);
      if (batch === undefined) {
        const opened: Batch<Q, A> = { scope, members: [] };
        batch = opened;
        this.open.set(key, opened);
        setImmediate(() => this.send(key, opened));
      }
      batch.members.push({ item, resolve, reject, signal });
      if (batch.members.length >= this.size) this.send(key, batch);
    });
  }

  /** Sends a batch once, however it came to be full or due. */
  private send(key: string, batch: Batch<Q, A>): void {
    if (this.open.get(key) === batch) this.open.delete(key);
    const members = batch.members.splice(0);
    const wanted = members.filter(({ signal, reject }) => {
      if (signal?.aborted) reject(signal.reason);
      return !signal?.aborted;
    });
    if (wanted.length > 0) void this.answer(wanted, batch.scope);
  }

  private async answer(members: readonly Waiting<Q, A>[], scope: CallScope): Promise<void> {
    const controller = new AbortController();
    const leave = members.map(({ signal, reject }) => {
      const onAbort = () => {
        reject(signal?.reason);
        if (members.every((member) => member.signal?.aborted)) controller.abort(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      return () => signal?.removeEventListener('abort', onAbort);
    });
    try {
      const answers = await this.call(
        members.map(({ item }) => item),
        { ...scope, signal: controller.signal },
      );
      for (const [index, { resolve }] of members.entries()) resolve(answers[index] as A);
    } catch (error) {
      for (const { reject } of members) reject(error);
    } finally {
      for (const done of leave) done();
    }
  }
}
