import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { OpenWorkload } from '../../../harness/workload';
import { importOf } from '../../import-cost';

const CHILDREN = 5;

/** A process that requires dspex. */
export const openImport: OpenWorkload = () => importOf('dspex');

/** A process that prints the help of the command line: milliseconds, the quickest of five. */
export const openCommandHelp: OpenWorkload = () => {
  const manifest = require.resolve('dspex/package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { dspex: string } };
  const command = join(dirname(manifest), bin.dspex);
  const child = async () => {
    const started = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, [command, '--help']);
    if (!stdout.startsWith('Usage: dspex')) throw new Error(`dspex --help said: ${stdout}`);
    return performance.now() - started;
  };
  return {
    round: async () => {
      let ms = Number.POSITIVE_INFINITY;
      for (let done = 0; done < CHILDREN; done += 1) ms = Math.min(ms, await child());
      return { ms };
    },
  };
};
