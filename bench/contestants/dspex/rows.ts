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

/**
 * Rows before those that are measured: until then the process grows whatever the rows do, because code is compiled and the old
 * generation comes up to its first collection.
 */
const WARM_UP = 20_000;

/** An evaluation of a predictor over `rows` lines of a JSONL file, on a model without latency; each round in a process of its own. */
export const openStreamedRows: OpenWorkload = async (params) => {
  const folder = await mkdtemp(join(tmpdir(), 'dspex-bench-'));
  const [path, warmUp] = [join(folder, 'rows.jsonl'), join(folder, 'warm-up.jsonl')];
  await writeRows(path, numberOf(params, 'rows'));
  await writeRows(warmUp, WARM_UP);
  return {
    round: () => inFreshProcess(__filename, { ...params, path, warmUp }, YOUNG),
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
  const metric = (gold: { answer: string }, predicted: { answer: string }) => gold.answer === predicted.answer;
  const program = new Predict(JUDGED).with({ lm: new InstantLM() });
  // It keeps the last calls, which is row M1's to measure.
  configure({ historyLimit: 0 });
  const evaluate = async (path: string, count: number) => {
    const devset = readJsonl<{ question: string; answer: string }>(path, { inputs: ['question'] });
    const { score, n } = await new Evaluate({ devset, metric }).call(program);
    if (score !== 100 || n !== count) throw new Error(`The score is ${score} of ${n} rows, not 100 of ${count}.`);
  };
  await evaluate(textOf(params, 'warmUp'), WARM_UP);
  let most = 0;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  const started = performance.now();
  await evaluate(textOf(params, 'path'), rows);
  const us = (performance.now() - started) * 1000;
  clearInterval(sampling);
  const rssMb = Math.max(most, process.memoryUsage.rss()) / 1e6;
  globalThis.gc?.();
  return { us: us / rows, rssMb, heapMb: process.memoryUsage().heapUsed / 1e6 };
}

if (require.main === module) answerFreshly(measure);
