import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { acceptInOrder } from '../../../src/compile/runs/accept-in-order';
import { forEachBounded } from '../../../src/compile/runs/executor';

const upTo = (n: number) => Array.from({ length: n }, (_, at) => at);

describe('forEachBounded', () => {
  it('keeps as many under way as allowed, and no more', async () => {
    let underWay = 0;
    let most = 0;
    await forEachBounded(upTo(2000), { concurrency: 256 }, async () => {
      most = Math.max(most, ++underWay);
      await tick();
      underWay--;
    });
    expect(most).toBe(256);
    expect(underWay).toBe(0);
  });

  it('starts items in order', async () => {
    const started: number[] = [];
    await forEachBounded(upTo(50), { concurrency: 7 }, async (item) => {
      started.push(item);
      await tick();
    });
    expect(started).toEqual(upTo(50));
  });

  it('starts nothing more after a failure, waits for what is under way, and rejects with it', async () => {
    const done: number[] = [];
    const run = forEachBounded(upTo(100), { concurrency: 4 }, async (item) => {
      if (item === 1) throw new Error('item 1');
      await tick();
      done.push(item);
    });
    await expect(run).rejects.toThrow('item 1');
    expect(done.length).toBeLessThan(6);
    expect(done).toContain(3);
  });

  it('stops when its signal fires', async () => {
    const controller = new AbortController();
    const started: number[] = [];
    const run = forEachBounded(upTo(100), { concurrency: 2, signal: controller.signal }, async (item) => {
      started.push(item);
      if (item === 5) controller.abort(new Error('enough'));
      await tick();
    });
    await expect(run).rejects.toThrow('enough');
    expect(started.length).toBeLessThan(10);
  });

  it('reads an endless list no further than needed', async () => {
    const controller = new AbortController();
    function* naturals() {
      for (let n = 0; ; n++) yield n;
    }
    const run = forEachBounded(naturals(), { concurrency: 3, signal: controller.signal }, async (n) => {
      if (n === 20) controller.abort(new Error('enough'));
      await tick();
    });
    await expect(run).rejects.toThrow('enough');
  });
});

describe('acceptInOrder', () => {
  it('accepts in the order of the items whatever the order of completion, and cancels the surplus', async () => {
    const accepted: number[] = [];
    const cancelled: number[] = [];
    await acceptInOrder<number, number>({
      items: upTo(20),
      concurrency: 8,
      wanted: () => 8,
      attempt: async (item, _index, signal) => {
        for (let waited = 0; waited < 20 - item; waited++) {
          await tick();
          if (signal.aborted) {
            cancelled.push(item);
            throw signal.reason;
          }
        }
        return item;
      },
      accept: (item) => {
        accepted.push(item);
        return accepted.length < 4;
      },
    });
    expect(accepted).toEqual([0, 1, 2, 3]);
    expect(cancelled.length).toBeGreaterThan(0);
  });

  it('tries one at a time when told so', async () => {
    let underWay = 0;
    await acceptInOrder<number, void>({
      items: upTo(5),
      concurrency: 1,
      wanted: () => 5,
      attempt: async () => {
        expect(++underWay).toBe(1);
        await tick();
        underWay--;
      },
      accept: () => true,
    });
  });

  it('hears a failure only when its turn comes', async () => {
    const run = acceptInOrder<number, number>({
      items: upTo(5),
      concurrency: 5,
      wanted: () => 5,
      attempt: async (item) => {
        if (item === 3) throw new Error('item 3');
        await tick();
        return item;
      },
      accept: (item) => item < 2,
    });
    await expect(run).resolves.toBeUndefined();
  });
});
