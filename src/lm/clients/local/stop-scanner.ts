/** Watches a growing text for stop strings, also for one that arrives in several pieces. */
export class StopScanner {
  private readonly longest: number;

  constructor(private readonly stops: readonly string[]) {
    this.longest = Math.max(0, ...stops.map((stop) => stop.length));
  }

  /** Where the first stop string begins in `text`, when its newest `added` characters complete one; else -1. */
  find(text: string, added: number): number {
    const from = Math.max(0, text.length - added - this.longest + 1);
    const found = this.stops.map((stop) => text.indexOf(stop, from)).filter((at) => at >= 0);
    return found.length === 0 ? -1 : Math.min(...found);
  }

  /** How many of the last characters of `text` may be the beginning of a stop string. */
  begun(text: string): number {
    for (let length = Math.min(this.longest - 1, text.length); length > 0; length--) {
      const tail = text.slice(-length);
      if (this.stops.some((stop) => stop.startsWith(tail))) return length;
    }
    return 0;
  }
}
