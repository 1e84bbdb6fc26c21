import { BootstrapFewShot, BootstrapFewShotWithRandomSearch, LabeledFewShot } from 'dspex/teleprompt';
import { type MakeTeleprompter, teleprompterLaws } from 'dspex/testing';
import { describe, expect, it } from 'vitest';

const OPTIMIZERS: Readonly<Record<string, MakeTeleprompter>> = {
  LabeledFewShot: ({ seed }) => new LabeledFewShot({ seed }),
  BootstrapFewShot: (options) => new BootstrapFewShot(options),
  BootstrapFewShotWithRandomSearch: (options) =>
    new BootstrapFewShotWithRandomSearch({ ...options, numCandidatePrograms: 3 }),
};

describe.each(Object.entries(OPTIMIZERS))('%s', (_, make) => {
  it.each(teleprompterLaws.map((law) => [law.name, law] as const))('%s', async (_name, law) => {
    await law.check(make);
  });
});

it('a law says which promise an optimizer breaks', async () => {
  const selfish: MakeTeleprompter = () => {
    const optimizer = new LabeledFewShot();
    optimizer.compile = async (student) => {
      for (const predictor of student.predictors()) predictor.demos = [{ question: 'changed' }];
      return student;
    };
    return optimizer;
  };
  const law = teleprompterLaws.find(({ name }) => name === 'the student is untouched');
  await expect(law?.check(selfish)).rejects.toThrow("The law 'the student is untouched' is broken");
});
