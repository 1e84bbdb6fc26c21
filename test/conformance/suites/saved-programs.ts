import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dumpState } from '../../../src/program/state/dump-state';
import { stateText } from '../../../src/program/state/state-file';
import type { Outcome, Suite, Vector } from '../suite';
import { vectorsDirectory } from '../vectors';
import { compareParts, inRecordedSettings, programFacts, recordedRequests } from '../worlds/optimizer-vector';
import type { SentRequest } from '../worlds/world-lm';
import { worldProgram } from '../worlds/world-program';
import { withoutOurs } from './state';

/** Programs that DSPy's optimizers saved: loaded here they hold the same, send the same prompts, and save the same bytes. */
export const savedProgramsSuite: Suite = {
  file: 'state/expected_prompts.jsonl',
  covers: () => true,
  replay,
};

async function replay(vector: Vector): Promise<Outcome> {
  const { input, expect } = vector;
  const path = join(vectorsDirectory(), input.file);
  const text = readFileSync(path, 'utf8');
  const { metadata: _, ...saved } = JSON.parse(text);
  const program = worldProgram(input.program);
  await program.load(path);
  const requests: SentRequest[] = [];
  const output = await inRecordedSettings(vector, requests, () => program.call(input.inputs));
  return compareParts(
    {
      requests: recordedRequests(vector),
      output: expect.output,
      instructions: expect.instructions,
      demos: expect.demos,
      compiled: expect.compiled,
      state: saved,
      // As text in an array, so that the first differing line is shown.
      file: withoutOurs(text).split('\n'),
    },
    {
      requests,
      output: { ...(output as object) },
      ...programFacts(program),
      compiled: program.compiled,
      state: dumpState(program),
      file: withoutOurs(stateText(program)).split('\n'),
    },
  );
}
