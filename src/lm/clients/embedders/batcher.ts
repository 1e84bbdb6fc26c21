import type { CallScope } from '../../../core/ports/lm';
import { onAbort } from '../../../core/util/on-abort';

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

/** Whose items may be together in a request, and for how long. */
export interface BatchRules<Q> {
  /** Who asked for the item. */
  readonly caller: (item: Q) => object;
  /** A text for who pays for what is asked now: items with different payers do not share a request. */
  readonly payer: () => string;
  /** True for a failure that may be the fault of one caller's items alone. */
  readonly ofOne: (error: unknown) => boolean;
}

/**
 * Collects the items that are asked for at about the same time (until the event loop has turned once) into requests of at most
 * `size`. Items with different deadlines, priorities or payers do not share one. A request is aborted when nobody waits for it any more. One
 * that is refused is sent again in two halves, each with other callers, until the fault is with those who brought it.
 */
export class Batcher<Q, A> {
  private readonly open = new Map<string, Batch<Q, A>>();

  constructor(
    private readonly size: number,
    private readonly call: BatchCall<Q, A>,
    private readonly rules: BatchRules<Q>,
  ) {}

  /** The answer to one item. Its signal lets this caller go; whoever shares the request is not disturbed. */
  ask(item: Q, { signal, ...scope }: CallScope): Promise<A> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise<A>((resolve, reject) => {
      const key = `${scope.deadlineMs ?? ''} ${scope.priority ?? ''} ${this.rules.payer()}`;
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
    let waiting = members.length;
    const leave = members.map(({ signal, reject }) =>
      signal === undefined
        ? undefined
        : onAbort(signal, () => {
            waiting -= 1;
            reject(signal.reason);
            if (waiting === 0) controller.abort(signal.reason);
          }),
    );
    try {
      const answers = await this.call(
        members.map(({ item }) => item),
        { ...scope, signal: controller.signal },
      );
      for (const [index, { resolve }] of members.entries()) resolve(answers[index] as A);
    } catch (error) {
      const halves = this.rules.ofOne(error) ? this.halves(members) : [];
      if (halves.length === 0) for (const { reject } of members) reject(error);
      await Promise.all(halves.map((half) => this.answer(half, scope)));
    } finally {
      for (const done of leave) done?.();
    }
  }

  /** Those who still wait, in two halves by caller; none when there is one caller only. */
  private halves(members: readonly Waiting<Q, A>[]): readonly (readonly Waiting<Q, A>[])[] {
    const waiting = members.filter(({ signal }) => signal?.aborted !== true);
    const callers = [...new Set(waiting.map(({ item }) => this.rules.caller(item)))];
    if (callers.length < 2) return [];
    const first = new Set(callers.slice(0, callers.length / 2));
    const isFirst = ({ item }: Waiting<Q, A>) => first.has(this.rules.caller(item));
    return [waiting.filter(isFirst), waiting.filter((member) => !isFirst(member))];
  }
}
