import { AllFailedError, LMAuthError, LMInvalidRequestError, LMRateLimitError, LMServerError } from 'dspex';
import { composeLM, pool } from 'dspex/clients';
import { type DummyAnswer, DummyLM } from 'dspex/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { InvalidOptionError } from '../../../../src/core/errors/option-errors';
import { ask, failureOf } from '../../../faults/calls';

afterEach(() => {
  vi.useRealTimers();
});

class Replica extends DummyLM {
  now: () => DummyAnswer | Promise<DummyAnswer> = () => 'well';
  constructor() {
    super(() => this.now(), { model: 'm' });
  }
}

const replicas = (count: number) => Array.from({ length: count }, () => new Replica());
const seen = (members: readonly Replica[]) => members.map(({ requests }) => requests.length);

test('equals take turns, and a busy one gets nothing while others are free', async () => {
  const members = replicas(3);
  const lm = pool(members);
  for (let count = 0; count < 6; count += 1) await ask(lm);
  expect(seen(members)).toEqual([2, 2, 2]);
  let release: (text: string) => void = () => {};
  (members[0] as Replica).now = () => new Promise((resolve) => (release = resolve));
  const held = ask(lm);
  for (let count = 0; count < 4; count += 1) await ask(lm);
  expect(seen(members)).toEqual([3, 4, 4]);
  release('late');
  await held;
});

test('a dead member costs no call, leaves the rotation and returns when it is back', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
  const members = replicas(2);
  const [sick] = members as [Replica, Replica];
  sick.now = () => new LMServerError('down');
  const lm = pool(members, { coolDownMs: 1_000 });
  const first = await ask(lm);
  expect(first).toMatchObject({ attempts: 2, usage: { lostAttempts: 1 } });
  for (let count = 0; count < 10; count += 1) await ask(lm);
  expect(seen(members)).toEqual([1, 11]);
  // Still down at the first look: the call moves on, and the rest is twice as long.
  vi.advanceTimersByTime(1_001);
  for (let count = 0; count < 3; count += 1) await ask(lm);
  expect(seen(members)).toEqual([2, 14]);
  vi.advanceTimersByTime(1_001);
  for (let count = 0; count < 3; count += 1) await ask(lm);
  expect(sick.requests).toHaveLength(2);
  sick.now = () => 'back';
  vi.advanceTimersByTime(1_000);
  for (let count = 0; count < 4; count += 1) await ask(lm);
  expect(sick.requests).toHaveLength(4);
});

test('while one call finds out whether a member is back, the others go elsewhere', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
  const members = replicas(2);
  const [sick] = members as [Replica, Replica];
  sick.now = () => new LMAuthError('no');
  const lm = pool(members);
  await ask(lm);
  vi.advanceTimersByTime(1_001);
  sick.now = () => new Promise((resolve) => setTimeout(() => resolve('back'), 20));
  const all = await Promise.all(Array.from({ length: 10 }, () => ask(lm)));
  expect(sick.requests).toHaveLength(2);
  expect(all.every(({ attempts }) => attempts === 1)).toBe(true);
});

test('a member that is told to slow down rests for as long as it is told', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
  const members = replicas(2);
  const [full] = members as [Replica, Replica];
  full.now = () => new LMRateLimitError('slow down', { retryAfterMs: 7_000 });
  const lm = pool(members);
  await ask(lm);
  full.now = () => 'well';
  vi.advanceTimersByTime(6_900);
  for (let count = 0; count < 4; count += 1) await ask(lm);
  expect(full.requests).toHaveLength(1);
  vi.advanceTimersByTime(101);
  for (let count = 0; count < 4; count += 1) await ask(lm);
  expect(full.requests).toHaveLength(3);
});

test('with nobody left the error names each failure and when the first returns', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
  const members = replicas(2);
  const [one, two] = members as [Replica, Replica];
  one.now = () => new LMRateLimitError('slow down', { retryAfterMs: 5_000 });
  two.now = () => new LMServerError('down');
  const lm = pool(members, { coolDownMs: 2_000 });
  expect(await failureOf(ask(lm))).toMatchObject({ attempts: 2, retryAfter: 2_000, outage: true });
  const later = await failureOf(ask(lm));
  expect(later).toBeInstanceOf(AllFailedError);
  expect(later).toMatchObject({ attempts: 0, retryAfter: 2_000 });
  expect((later as AllFailedError).errors).toHaveLength(2);
  expect(later.message).toContain('in 2 s');
  expect(seen(members)).toEqual([1, 1]);
});

test('a refused request is not moved, and harms no member', async () => {
  const members = replicas(2);
  for (const member of members) member.now = () => new LMInvalidRequestError('bad');
  const lm = pool(members);
  for (let count = 0; count < 4; count += 1) {
    expect(await failureOf(ask(lm))).toBeInstanceOf(LMInvalidRequestError);
  }
  expect(seen(members)).toEqual([2, 2]);
});

test('all members share the entries of a cache above them', async () => {
  const members = replicas(3);
  const lm = composeLM(pool(members));
  expect(lm.endpoint).toBe('pool:m');
  for (let count = 0; count < 5; count += 1) await ask(lm);
  expect(seen(members).reduce((sum, count) => sum + count)).toBe(1);
  await lm.close();
  expect(pool(replicas(1), { name: 'mine' }).endpoint).toBe('pool:mine');
});

test('refuses what it cannot work with', () => {
  const other = new DummyLM([], { model: 'other' });
  expect(() => pool([])).toThrow(InvalidOptionError);
  expect(() => pool([new Replica(), other])).toThrow('m, other');
  expect(pool([new Replica(), other], { name: 'both' }).model).toBe('m');
  expect(() => pool(replicas(1), { coolDownMs: 0 })).toThrow(InvalidOptionError);
});
