/** One line that is rewritten on a terminal; elsewhere only the lines that are worth keeping are written. */
export class LiveLine {
  private readonly stream = process.stderr;
  private width = 0;

  /** Shows `text` until the next one; nothing off a terminal. */
  show(text: string): void {
    if (!this.stream.isTTY) return;
    const shown = text.slice(0, (this.stream.columns ?? 100) - 1);
    this.stream.write(`\r${shown.padEnd(this.width)}`);
    this.width = shown.length;
  }

  /** Writes a line that stays. */
  keep(text: string): void {
    this.clear();
    this.stream.write(`${text}\n`);
  }

  clear(): void {
    if (this.width > 0) this.stream.write(`\r${' '.repeat(this.width)}\r`);
    this.width = 0;
  }
}
