import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configure, Evaluate, Predict, readJsonl } from 'dspex';
import type { OpenWorkload, Params } from '../../harness/workload';
import { answerFreshly, inFreshProcess } from '../fresh';
import { JUDGED, numberOf, questionOf, textOf } from '../task';
import { InstantLM } from './instant-lm';

/**
 * V8 lets garbage of up to 48 MB lie about before it looks at it, in a space that grows over the first 100,000 rows; held at its first
 * size, what is left to grow is what somebody keeps.
 */
const YOUNG = ['--max-semi-space-size=1'];

/** An evaluation of a predictor over `rows` lines of a JSONL file, on a model without latency; each round in a process of its own. */
export const openStreamedRows: OpenWorkload = async (params) => {
  const folder = await mkdtemp(join(tmpdir(), 'dspex-bench-'));
  const path = join(folder, 'rows.jsonl');
  await writeRows(path, numberOf(params, 'rows'));
  return {
    round: () => inFreshProcess(__filename, { ...params, path }, YOUNG),
    close: () => rm(folder, { recursive: true, force: true }),
  };
};

async function writeRows(path: string, rows: number): Promise<void> {
  const file = createWriteStream(path);
  for (let row = 0; row < rows; row += 1) {
    const line = JSON.stringify({ question: questionOf(row), answer: 'An even number.' });
    if (!file.write(`${line}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

async function measure(params: Params) {
  const rows = numberOf(params, 'rows');
  const devset = readJsonl<{ question: string; answer: string }>(textOf(params, 'path'), { inputs: ['question'] });
  const metric = (gold: { answer: string }, predicted: { answer: string }) => gold.answer === predicted.answer;
  const program = new Predict(JUDGED).with({ lm: new InstantLM() });
  // It keeps the last 10,000 calls, which is row M1's to measure.
  configure({ historyLimit: 0 });
  let most = 0;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  const started = performance.now();
  const { score, n } = await new Evaluate({ devset, metric }).call(program);
  const us = (performance.now() - started) * 1000;
  clearInterval(sampling);
  if (score !== 100 || n !== rows) throw new Error(`The score is ${score} of ${n} rows, not 100 of ${rows}.`);
  const rssMb = Math.max(most, process.memoryUsage.rss()) / 1e6;
  globalThis.gc?.();
  return { us: us / rows, rssMb, heapMb: process.memoryUsage().heapUsed / 1e6 };
}

if (require.main === module) answerFreshly(measure);
