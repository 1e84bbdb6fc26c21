// 10,400 calls at once through the default stack: `node --conditions=source -r ts-node/register/transpile-only test/faults/load/ten-thousand.ts`.
// The server is a process of its own, and answers nobody before all have called.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startFaultServer } from '../../../src/app/testing';
import { composeLM, OpenAICompatible } from '../../../src/lm/clients';

const CALLS = 10_400;
const BATCH = 50;
const WARM_UP = 200;

/** What the run found, as one line of JSON. */
export interface LoadReport {
  readonly calls: number;
  readonly answered: number;
  /** How the others ended, by the name of the error. */
  readonly refused: Readonly<Record<string, number>>;
  readonly kilobytesEach: number;
  /** Event-loop delay, 99th percentile and longest, in milliseconds. */
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  readonly requests: number;
  readonly mostInFlight: number;
}

async function serve(): Promise<void> {
  const go = once(process, 'message');
  const server = await startFaultServer(async ({ reply }, index) => {
    if (index >= WARM_UP) await go;
    await reply(200, { id: 'a', model: 'm', choices: [{ message: { content: 'yes' }, finish_reason: 'stop' }] });
  });
  process.send?.(server.url);
}

async function run(): Promise<LoadReport> {
  const server: ChildProcess = fork(__filename, ['serve']);
  const [url] = (await once(server, 'message')) as [string];
  const lm = composeLM(new OpenAICompatible({ model: 'm', baseUrl: url }), { resilience: { attempts: 1 } });
  const ask = (text: string) => lm.generate(lm.createRequest([{ role: 'user', content: text }]));
  await Promise.all(Array.from({ length: WARM_UP }, (_, count) => ask(`warm-up ${count}`)));
  global.gc?.();
  const before = process.memoryUsage.rss();
  let [peak, mostInFlight] = [before, 0];
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
    mostInFlight = Math.max(mostInFlight, lm.stats().inFlight);
  }, 20);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const calls: Promise<unknown>[] = [];
  for (let count = 0; count < CALLS; count += 1) {
    calls.push(ask(`question ${count}`).catch((error: unknown) => error));
    // Callers come one after the other, if fast.
    if (count % BATCH === BATCH - 1) await new Promise((resolve) => void setImmediate(resolve));
  }
  server.send('go');
  const outcomes = await Promise.all(calls);
  delay.disable();
  clearInterval(look);
  const errors = outcomes.filter((outcome) => outcome instanceof Error);
  const refused: Record<string, number> = {};
  for (const { name } of errors) refused[name] = (refused[name] ?? 0) + 1;
  const { requests } = lm.stats();
  await lm.close();
  server.disconnect();
  server.kill();
  return {
    calls: CALLS,
    answered: outcomes.length - errors.length,
    refused,
    kilobytesEach: Math.round((peak - before) / CALLS / 102.4) / 10,
    delayP99Ms: Math.round(delay.percentile(99) / 1e6),
    delayMaxMs: Math.round(delay.max / 1e6),
    requests: requests - WARM_UP,
    mostInFlight,
  };
}

if (process.argv[2] === 'serve') void serve();
else void run().then((report) => process.stdout.write(`${JSON.stringify(report)}\n`));
