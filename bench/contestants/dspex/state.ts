import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Module, Predict } from 'dspex';
import { repeated } from '../../harness/repeated';
import type { OpenWorkload, Params } from '../../harness/workload';
import { demosOf, JUDGED, numberOf } from '../task';

/** Files written and read in one round: one would say more of the disk's mood than of the work. */
const FILES = 10;
const WARM_UP_FILES = 40;

/** A program of so many predictors. */
class Steps extends Module {
  readonly steps: Predict<typeof JUDGED>[];

  constructor(count: number) {
    super();
    this.steps = Array.from({ length: count }, () => new Predict(JUDGED));
  }

  override forward(): undefined {
    return undefined;
  }
}

function programOf(params: Params): Steps {
  const program = new Steps(numberOf(params, 'predictors', 20));
  for (const step of program.steps) step.demos = demosOf(numberOf(params, 'demos', 16));
  return program;
}

/** A copy of a program that an optimizer may change; the copies share their demos. */
export const openCopyProgram: OpenWorkload = async (params) => {
  const program = programOf(params);
  const copy = program.clone();
  if (copy.steps[0] === program.steps[0] || copy.steps[0]?.demos !== program.steps[0]?.demos) {
    throw new Error('A copy has predictors of its own and the demos of the original.');
  }
  return repeated((count) => {
    for (let done = 0; done < count; done += 1) program.clone();
  });
};

/** A program written to a file, flushed to the disk, and read back into another: milliseconds, and each half by itself. */
export const openSaveLoad: OpenWorkload = async (params) => {
  const program = programOf(params);
  const other = new Steps(program.steps.length);
  const folder = await mkdtemp(join(tmpdir(), 'dspex-bench-'));
  const path = join(folder, 'program.json');
  const files = async (count: number) => {
    let saveMs = 0;
    let loadMs = 0;
    for (let done = 0; done < count; done += 1) {
      const started = performance.now();
      await program.save(path);
      const saved = performance.now();
      await other.load(path);
      saveMs += saved - started;
      loadMs += performance.now() - saved;
    }
    return { ms: (saveMs + loadMs) / count, saveMs: saveMs / count, loadMs: loadMs / count };
  };
  await files(WARM_UP_FILES);
  if (!isDeepStrictEqual(other.dumpState(), program.dumpState()))
    throw new Error('What was loaded is not what was saved.');
  const round = async () => {
    // The collection before a round throws compiled code away.
    await files(WARM_UP_FILES);
    return files(FILES);
  };
  return { round, close: () => rm(folder, { recursive: true, force: true }) };
};
