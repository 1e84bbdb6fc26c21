import { BootstrapFewShotWithRandomSearch, LMTransportError, Module } from 'dspex';
import { TooManyErrorsError } from 'dspex/evaluate';
import { NoCandidateScoredError, NoCandidateSeedError, RunOutageError } from 'dspex/teleprompt';
import { DummyLM } from 'dspex/testing';
import { describe, expect, it } from 'vitest';
import { asked, demosOf, inSettings, learner, metric, oracle, qa, rows } from './colour-world';

describe('BootstrapFewShotWithRandomSearch', () => {
  const search = (options: object = {}) =>
    new BootstrapFewShotWithRandomSearch({ metric, numCandidatePrograms: 3, maxLabeledDemos: 2, ...options });

  it('returns the best of its candidates, the unoptimized program among them', async () => {
    const data = { trainset: rows(9), valset: rows(12, 100) };
    const program = await inSettings(learner(), () => search().compile(qa(), data));
    const scores = program.candidates.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(program.candidates.map(({ seed }) => seed).sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2]);
    expect(program.candidates.find(({ seed }) => seed === -3)).toMatchObject({ score: 33.33 });
    expect(program.candidates[0]?.score).toBe(66.67);
    expect(program.candidates[0]?.subscores).toHaveLength(12);
    expect(program.candidates[0]?.interval[0]).toBeCloseTo(39.06, 1);
    expect(demosOf(program)).toEqual(demosOf(program.candidates[0]?.program as Module));
  });

  it('prefers the earliest of equal candidates', async () => {
    const program = await inSettings(oracle(), () => search().compile(qa(), { trainset: rows(6) }));
    expect(program.candidates.every(({ score }) => score === 100)).toBe(true);
    expect(program.demos).toEqual([]);
  });

  it('stops when the score is good enough', async () => {
    const program = await inSettings(oracle(), () => search({ stopAtScore: 100 }).compile(qa(), { trainset: rows(6) }));
    expect(program.candidates.map(({ seed }) => seed)).toEqual([-3]);
  });

  it('tries only the candidates it is restricted to, every time it compiles', async () => {
    const optimizer = search({ restrict: new Set([-2, 1]).values() });
    for (const _ of [1, 2]) {
      const program = await inSettings(oracle(), () => optimizer.compile(qa(), { trainset: rows(6) }));
      expect(program.candidates.map(({ seed }) => seed)).toEqual([-2, 1]);
    }
    const none = inSettings(oracle(), () => search({ restrict: [7] }).compile(qa(), { trainset: rows(6) }));
    await expect(none).rejects.toThrow(NoCandidateSeedError);
  });

  it('does not score the unoptimized program twice when there are no labels', async () => {
    const lm = oracle();
    const options = { maxLabeledDemos: 0, restrict: [-3, -2] };
    const program = await inSettings(lm, () => search(options).compile(qa(), { trainset: rows(6) }));
    expect(lm.requests).toHaveLength(6);
    expect(program.candidates.map(({ seed, score }) => [seed, score])).toEqual([
      [-3, 100],
      [-2, 100],
    ]);
  });

  it('loses no candidate to the failures of another', async () => {
    const lm = new DummyLM((request) => {
      if (request.messages.length > 2) return new Error('cannot follow demos');
      return { answer: asked(request) === 'red 0' ? 'red!' : 'no idea' };
    });
    const options = { maxErrors: 2, restrict: [-3, -2] };
    const program = await inSettings(lm, () => search(options).compile(qa(), { trainset: rows(6) }));
    expect(program.candidates.map(({ seed }) => seed)).toEqual([-3, -2]);
    expect(program.candidates[1]?.score).toBeNaN();
    expect(program.candidates[1]?.error).toBeInstanceOf(TooManyErrorsError);
    expect(program.demos).toEqual([]);
  });

  it('says so when no candidate could be scored', async () => {
    const lm = new DummyLM(() => new Error('broken'));
    const run = inSettings(lm, () => search({ maxErrors: 1 }).compile(qa(), { trainset: rows(6) }));
    await expect(run).rejects.toThrow(NoCandidateScoredError);
    await expect(run).rejects.toThrow('broken');
  });

  it('an outage ranks nothing', async () => {
    const lm = oracle((question) => {
      if (question === 'red 3') throw new LMTransportError('connection refused', { model: 'dummy' });
    });
    const run = inSettings(lm, () => search({ outageRetries: 0 }).compile(qa(), { trainset: rows(6) }));
    await expect(run).rejects.toThrow(RunOutageError);
  });

  it('keeps its candidates out of copies and saved programs', async () => {
    const program = await inSettings(oracle(), () => search().compile(qa(), { trainset: rows(6) }));
    expect(Object.keys(program)).not.toContain('candidates');
    expect(Object.keys(program.clone())).not.toContain('candidates');
  });
});
