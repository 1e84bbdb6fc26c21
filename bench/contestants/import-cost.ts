import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Workload } from '../harness/workload';

const run = promisify(execFile);
const PAIRS = 5;

/**
 * A child process that requires a package beside one that does nothing, in turns: milliseconds over it, the quickest of each, and
 * how many modules were loaded from files.
 */
export async function importOf(name: string): Promise<Workload> {
  const load = `require(${JSON.stringify(name)})`;
  const count = `${load}; console.log(Object.keys(require.cache).length)`;
  const modules = Number((await run(process.execPath, ['-e', count])).stdout);
  const child = async (code: string) => {
    const started = performance.now();
    await run(process.execPath, ['-e', code]);
    return performance.now() - started;
  };
  return {
    round: async () => {
      const [bare, loaded]: [number[], number[]] = [[], []];
      for (let pair = 0; pair < PAIRS; pair += 1) {
        bare.push(await child('0'));
        loaded.push(await child(load));
      }
      return { ms: Math.min(...loaded) - Math.min(...bare), modules };
    },
  };
}
