/** Who waits. */
export interface Ticket {
  /** Higher goes first. */
  readonly priority: number;
  /** The run the call belongs to; calls of no run are a group of their own. */
  readonly group: object | undefined;
}

/** The groups of one priority, in the order of their turns; tickets of one group in order of arrival. */
type Groups<T> = Map<object | undefined, Set<T>>;

/**
 * Calls that wait for their turn: the highest priority first, within it the groups in turn, within a group in order of arrival. A run with
 * ten thousand calls so delays another run by one call, not by ten thousand.
 */
export class FairQueue<T extends Ticket> {
  private readonly levels = new Map<number, Groups<T>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  add(ticket: T): void {
    const groups: Groups<T> = this.levels.get(ticket.priority) ?? new Map();
    const tickets = groups.get(ticket.group) ?? new Set();
    tickets.add(ticket);
    groups.set(ticket.group, tickets);
    this.levels.set(ticket.priority, groups);
    this.count += 1;
  }

  /** The ticket whose turn it is; it stays in the queue. */
  next(): T | undefined {
    if (this.count === 0) return undefined;
    const groups = this.levels.get(Math.max(...this.levels.keys()));
    for (const tickets of groups?.values() ?? []) for (const ticket of tickets) return ticket;
    return undefined;
  }

  /** Removes the ticket because its turn has come: the next turn is another group's. */
  take(ticket: T): void {
    const groups = this.levels.get(ticket.priority);
    const tickets = groups?.get(ticket.group);
    if (!this.delete(ticket) || groups === undefined || tickets === undefined || tickets.size === 0) return;
    groups.delete(ticket.group);
    groups.set(ticket.group, tickets);
  }

  /** Removes a ticket that waits no longer; false when it was not there. */
  delete(ticket: T): boolean {
    const groups = this.levels.get(ticket.priority);
    const tickets = groups?.get(ticket.group);
    if (!tickets?.delete(ticket)) return false;
    this.count -= 1;
    if (tickets.size === 0) groups?.delete(ticket.group);
    if (groups?.size === 0) this.levels.delete(ticket.priority);
    return true;
  }

  /** Empties the queue. */
  drain(): readonly T[] {
    const all = [...this.levels.values()].flatMap((groups) => [...groups.values()].flatMap((tickets) => [...tickets]));
    this.levels.clear();
    this.count = 0;
    return all;
  }
}
