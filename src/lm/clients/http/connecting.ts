/**
 * The sockets of a client that do not stand yet, and who waits for one, or for the head of an answer. When the last of those gives up,
 * nobody needs what is in the making.
 */
export class Connecting {
  readonly #endings = new Set<() => void>();
  #waiting = 0;

  /** A connection is in the making, until the returned function is called; `end` ends it. */
  begun(end: () => void): () => void {
    this.#endings.add(end);
    return () => void this.#endings.delete(end);
  }

  /** An exchange has begun. */
  waits(): void {
    this.#waiting += 1;
  }

  /** An exchange has its head, or has failed. */
  waited(): void {
    this.#waiting -= 1;
  }

  /** An exchange was stopped before it had its head. */
  gaveUp(): void {
    this.#waiting -= 1;
    this.endUnwanted();
  }

  /** Ends the connections in the making, if nobody waits. */
  endUnwanted(): void {
    if (this.#waiting === 0) for (const end of [...this.#endings]) end();
  }
}
