// The mock server in a process of its own, so that it does not share a thread with what is measured.
import { type ChildProcess, fork } from 'node:child_process';
import { startMockServer } from 'dspex/testing';

/** A mock in another process, at `url` until it is closed. */
export interface MockProcess {
  readonly url: string;
  close(): void;
}

/** Starts the mock server in a child process; it answers the question with the number in it. */
export async function startMockProcess(latencyMs: number): Promise<MockProcess> {
  const child: ChildProcess = fork(__filename, [String(latencyMs)]);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', (code) => reject(new Error(`The mock process ended with code ${code}.`)));
  });
  return { url, close: () => child.kill() };
}

async function serve(latencyMs: number): Promise<void> {
  const server = await startMockServer({
    latencyMs,
    respond: ({ messages = [] }) => {
      const asked = /number (\d+)/u.exec(String(messages.at(-1)?.content));
      return `[[ ## answer ## ]]\n${answerFor(Number(asked?.[1]))}\n\n[[ ## completed ## ]]`;
    },
  });
  process.send?.(server.url);
}

/** What the mock says about a number. */
export function answerFor(number: number): string {
  return `It is ${number}, and so it was before.`;
}

if (require.main === module) void serve(Number(process.argv[2]));
