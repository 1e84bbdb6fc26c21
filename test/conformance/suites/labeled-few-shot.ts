import { LabeledFewShot } from '../../../src/compile/teleprompt/labeled-few-shot';
import type { Outcome, Suite, Vector } from '../suite';
import {
  compareParts,
  inRecordedSettings,
  optionNames,
  programFacts,
  recordedRequests,
  recordedRows,
} from '../worlds/optimizer-vector';
import type { SentRequest } from '../worlds/world-lm';
import { worldProgram } from '../worlds/world-program';

/** Labeled demonstrations: which rows, in which order, for which predictor. */
export const labeledFewShotSuite: Suite = {
  file: 'optimizers/labeled_few_shot.jsonl',
  covers: () => true,
  replay,
};

async function replay(vector: Vector): Promise<Outcome> {
  const { input, expect } = vector;
  const student = worldProgram(input.program);
  const before = programFacts(student);
  const requests: SentRequest[] = [];
  const program = await inRecordedSettings(vector, requests, () =>
    new LabeledFewShot(optionNames(input.options, { k: 'k', sample: 'sample', seed: 'seed' })).compile(student, {
      trainset: recordedRows(vector, input.trainset),
    }),
  );
  return compareParts(
    {
      requests: recordedRequests(vector),
      instructions: expect.instructions,
      demos: expect.demos,
      compiled: expect.compiled,
      student: before,
    },
    { requests, ...programFacts(program), compiled: program.compiled, student: programFacts(student) },
  );
}
