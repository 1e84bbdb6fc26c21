import { LMClosedError } from 'dspex';
import { describe, expect, it } from 'vitest';
import { commonPrefix, SequencePool } from '../../../src/lm/clients/local/sequence-pool';

interface FakeSequence {
  readonly name: string;
  tokens: number[];
}

const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

function pool(...contents: number[][]) {
  const sequences: FakeSequence[] = contents.map((tokens, index) => ({
    name: String.fromCharCode(97 + index),
    tokens,
  }));
  return new SequencePool(sequences, (sequence) => sequence.tokens);
}

describe('assigning requests to sequences', () => {
  it('counts the tokens two prompts share from the start', () => {
    expect(commonPrefix([1, 2, 3], [1, 2, 4, 3])).toBe(2);
    expect(commonPrefix([], [1])).toBe(0);
    expect(commonPrefix([1, 2], [1, 2])).toBe(2);
  });

  it('gives a request the idle sequence that shares the longest prefix', async () => {
    const shared = pool(range(0, 40), range(0, 90), range(500, 90));
    expect((await shared.acquire(range(0, 100))).sequence.name).toBe('b');
    expect((await shared.acquire(range(500, 100))).sequence.name).toBe('c');
    expect((await shared.acquire(range(0, 100))).sequence.name).toBe('a');
  });

  it('spares what was used lately when no sequence is better than another', async () => {
    const fresh = pool([], [], []);
    const first = await fresh.acquire([1]);
    first.release();
    expect((await fresh.acquire([2])).sequence.name).toBe('b');
  });

  it('lets requests wait their turn when all are busy', async () => {
    const one = pool([]);
    const lease = await one.acquire([1]);
    const order: string[] = [];
    const second = one.acquire([2]).then((next) => {
      order.push('second');
      next.release();
    });
    const third = one.acquire([3]).then(() => order.push('third'));
    expect(one.queued).toBe(2);
    lease.release();
    await Promise.all([second, third]);
    expect(order).toEqual(['second', 'third']);
  });

  it('forgets a waiting request when its signal fires', async () => {
    const one = pool([]);
    const lease = await one.acquire([1]);
    const controller = new AbortController();
    const waiting = one.acquire([2], controller.signal);
    controller.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
    expect(one.queued).toBe(0);
    lease.release();
    expect((await one.acquire([3])).sequence.name).toBe('a');
  });

  it('counts a sequence given back twice only once', async () => {
    const two = pool([], []);
    const lease = await two.acquire([1]);
    lease.release();
    lease.release();
    await two.acquire([1]);
    await two.acquire([1]);
    const third = two.acquire([1]);
    expect(two.queued).toBe(1);
    void two.close();
    await expect(third).rejects.toBeInstanceOf(LMClosedError);
  });

  it('closes when the last running request has ended, and turns the others away', async () => {
    const one = pool([]);
    const lease = await one.acquire([1]);
    const waiting = one.acquire([2]);
    let closed = false;
    const closing = one.close().then(() => {
      closed = true;
    });
    await expect(waiting).rejects.toBeInstanceOf(LMClosedError);
    await expect(one.acquire([3])).rejects.toBeInstanceOf(LMClosedError);
    expect(closed).toBe(false);
    lease.release();
    await closing;
    expect(closed).toBe(true);
  });
});
