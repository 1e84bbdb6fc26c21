import { setTimeout as sleep } from 'node:timers/promises';
import { BootstrapFewShot, BootstrapFewShotWithRandomSearch } from 'dspex';
import { followRun, RunCancelledError, type RunEvent } from 'dspex/teleprompt';
import { describe, expect, it } from 'vitest';
import { inSettings, learner, metric, oracle, qa, rows } from './colour-world';

describe('a run', () => {
  it('tells its phases, candidates, best score and calls while it goes on', async () => {
    const optimizer = new BootstrapFewShotWithRandomSearch({ metric, numCandidatePrograms: 1, maxLabeledDemos: 2 });
    const run = inSettings(learner(), () => optimizer.start(qa(), { trainset: rows(9) }));
    expect(run.status().state).toBe('running');
    const events: RunEvent[] = [];
    for await (const event of run.events) events.push(event);
    const program = await run.result;
    expect(events[0]).toMatchObject({ kind: 'started', predictors: ['self'], trainset: 9 });
    expect(events.at(-1)).toMatchObject({ kind: 'ended', state: 'done' });
    const candidates = events.filter((event) => event.kind === 'candidate');
    expect(candidates.map(({ candidate, of, seed }) => [candidate, of, seed])).toEqual([
      [1, 4, -3],
      [2, 4, -2],
      [3, 4, -1],
      [4, 4, 0],
    ]);
    expect(candidates.at(-1)?.best?.score).toBe(program.candidates[0]?.score);
    const calls = events.map(({ usage }) => usage.calls);
    expect(calls).toEqual([...calls].sort((a, b) => a - b));
    expect(run.status()).toMatchObject({ state: 'done', best: { score: program.candidates[0]?.score } });
    expect(run.status().usage.calls).toBeGreaterThanOrEqual(36);
  });

  it('ends soon when it is cancelled, and says so', async () => {
    const lm = oracle(() => sleep(60_000, undefined, { ref: false }));
    const run = inSettings(lm, () => new BootstrapFewShot({ metric }).start(qa(), { trainset: rows(9) }));
    await sleep(5);
    run.cancel();
    await expect(run.result).rejects.toThrow(RunCancelledError);
    expect(run.status().state).toBe('cancelled');
    const kinds: string[] = [];
    for await (const event of run.events) kinds.push(event.kind);
    expect(kinds.at(-1)).toBe('ended');
  });

  it('obeys the signal it is given', async () => {
    const lm = oracle(() => sleep(60_000, undefined, { ref: false }));
    const signal = AbortSignal.timeout(5);
    const run = inSettings(lm, () => new BootstrapFewShot({ metric }).compile(qa(), { trainset: rows(9), signal }));
    await expect(run).rejects.toThrow(/timeout/i);
  });

  it('can be followed line by line', async () => {
    const written: string[] = [];
    const stream = { isTTY: false, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
    const optimizer = new BootstrapFewShotWithRandomSearch({ metric, numCandidatePrograms: 0, maxLabeledDemos: 2 });
    const run = inSettings(learner(), () => optimizer.start(qa(), { trainset: rows(9) }));
    await followRun(run, stream);
    const lines = written.join('').trimEnd().split('\n');
    expect(lines[0]).toMatch(/^candidate 1 of 3, unoptimized program: 0 calls, /);
    expect(lines).toContainEqual(expect.stringMatching(/^candidate 1 of 3: score 33\.33, best 33\.33, 9 calls, /));
    expect(lines.at(-1)).toMatch(/^done, \d+ calls, /);
    expect(lines.join('')).not.toContain('\u001b');
  });
});
