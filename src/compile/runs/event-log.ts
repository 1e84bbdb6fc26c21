/** A growing list that can be followed: every iteration gives all entries from the first on, and ends when it is closed. */
export class EventLog<E> implements AsyncIterable<E> {
  private readonly entries: E[] = [];
  private readonly waiting = new Set<() => void>();
  private closed = false;

  push(entry: E): void {
    this.entries.push(entry);
    this.wake();
  }

  close(): void {
    this.closed = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<E, void, undefined> {
    for (let at = 0; ; at++) {
      while (at >= this.entries.length) {
        if (this.closed) return;
        await new Promise<void>((resolve) => this.waiting.add(resolve));
      }
      yield this.entries[at] as E;
    }
  }

  private wake(): void {
    const resolvers = [...this.waiting];
    this.waiting.clear();
    for (const resolve of resolvers) resolve();
  }
}
