import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Figures, Params } from '../workload';
import { endChild, type Launch, startChild } from './child';

/** A contestant that says nothing for so long has hung; whatever it did, its figures would not be worth the wait. */
const LONGEST_SILENCE_MS = 10 * 60_000;
const TAIL = 4000;

interface Said {
  readonly id?: number;
  readonly error?: string;
  readonly outputs?: unknown;
  readonly figures?: Figures;
}

interface Waiting {
  readonly resolve: (said: Said) => void;
  readonly reject: (error: Error) => void;
}

/** A contestant refused, ended, hung or spoke nonsense; the end of its standard error is part of the message. */
export class ContestantError extends Error {
  override readonly name = 'ContestantError';
}

/** A process that does workloads when asked, in the protocol of `serve.ts`. */
export class Contestant {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #stderr = '';
  #ended: string | undefined;

  constructor(
    readonly name: string,
    launch: Launch,
    private readonly longestSilenceMs = LONGEST_SILENCE_MS,
  ) {
    this.#child = startChild(launch);
    const { stdin, stdout, stderr } = this.#child;
    // A write to a process that has just ended; its end says why.
    stdin.on('error', () => undefined);
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-TAIL);
    });
    createInterface({ input: stdout }).on('line', (line) => this.#hear(line));
    this.#child.once('error', (error) => this.#end(`could not be started: ${error.message}`));
    this.#child.once('close', (code, signal) => this.#end(`ended with ${signal ?? `code ${code}`}`));
  }

  /** Sets a workload up: the number to name it by, and what it brings. */
  async open(workload: string, params: Params): Promise<{ readonly id: number; readonly outputs: unknown }> {
    const { id, outputs } = await this.#ask({ do: 'open', workload, params });
    return { id: id as number, outputs };
  }

  /** One round of an open workload. */
  async round(id: number): Promise<Figures> {
    const { figures } = await this.#ask({ do: 'round', of: id });
    if (figures === undefined) throw this.#error('gave a round without figures');
    return figures;
  }

  /** Lets go of an open workload. */
  async close(id: number): Promise<void> {
    await this.#ask({ do: 'close', of: id });
  }

  /** Ends the process, whatever it does. Resolves when it is gone. */
  async end(): Promise<void> {
    await endChild(this.#child);
  }

  #ask(what: object): Promise<Said> {
    if (this.#ended !== undefined) return Promise.reject(this.#error(this.#ended));
    this.#asked += 1;
    const id = this.#asked;
    return new Promise<Said>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#end(`said nothing for ${this.longestSilenceMs / 1000} s after ${JSON.stringify(what)}`);
        this.#child.kill('SIGKILL');
      }, this.longestSilenceMs);
      const settle =
        <T>(to: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          to(value);
        };
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.#child.stdin.write(`${JSON.stringify({ id, ...what })}\n`);
    });
  }

  #hear(line: string): void {
    let said: Said;
    try {
      said = JSON.parse(line) as Said;
    } catch {
      // Standard output belongs to the protocol, so this cannot be told from a broken answer.
      this.#end(`said what is not JSON: ${line.slice(0, 200)}`);
      this.#child.kill('SIGKILL');
      return;
    }
    const waiting = this.#waiting.get(said.id ?? 0);
    this.#waiting.delete(said.id ?? 0);
    if (said.error === undefined) waiting?.resolve(said);
    else waiting?.reject(new ContestantError(`${this.name}: ${said.error}`));
  }

  #end(why: string): void {
    this.#ended ??= why;
    for (const { reject } of this.#waiting.values()) reject(this.#error(this.#ended));
    this.#waiting.clear();
  }

  #error(what: string): ContestantError {
    const tail = this.#stderr.trim();
    return new ContestantError(`${this.name} ${what}${tail === '' ? '' : `\n${tail}`}`);
  }
}
