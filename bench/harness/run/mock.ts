import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { endChild, startChild } from './child';
import type { Launches } from './launch';

/** What the mock has done since it was started. */
export interface MockCount {
  readonly requests: number;
  /** Microseconds of its processor time. */
  readonly cpuUs: number;
}

/** The mock server, in a process of its own, so that it shares no thread with what is measured. */
export class Mock {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcessWithoutNullStreams,
  ) {}

  /** Starts one that answers after so many milliseconds. */
  static async start(launches: Pick<Launches, 'script'>, latencyMs: number): Promise<Mock> {
    const child = startChild(launches.script('harness/mock/main.js', [String(latencyMs)]));
    child.stderr.pipe(process.stderr);
    const said = createInterface({ input: child.stdout });
    const [url] = await Promise.race([
      once(said, 'line') as Promise<[string]>,
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`The mock server ended with code ${code}.`))),
    ]);
    return new Mock(url, child);
  }

  /** What it has done so far. */
  async count(): Promise<MockCount> {
    return (await (await fetch(new URL('/count', this.url))).json()) as MockCount;
  }

  async end(): Promise<void> {
    await endChild(this.child);
  }
}
