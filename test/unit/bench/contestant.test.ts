import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Contestant } from '../../../bench/harness/run/contestant';
import { fixtureLaunch } from './fixtures/fixture-launch';

const started: Contestant[] = [];
const contestant = () => {
  const one = new Contestant('someone', fixtureLaunch());
  started.push(one);
  return one;
};

afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.end()));
});

describe('a contestant', () => {
  test('opens workloads, tells what they bring, and does rounds of each in turns', async () => {
    const one = contestant();
    const a = await one.open('steady', { us: 7, says: 'this' });
    const b = await one.open('counts up', {});
    expect(a.outputs).toEqual(['this']);
    expect(b.outputs).toBeUndefined();
    expect([await one.round(a.id), await one.round(b.id), await one.round(a.id), await one.round(b.id)]).toEqual([
      { us: 7 },
      { us: 1 },
      { us: 7 },
      { us: 2 },
    ]);
    await one.close(a.id);
    await expect(one.round(a.id)).rejects.toThrow('Nothing is open');
    expect(await one.round(b.id)).toEqual({ us: 3 });
  });

  test('that refuses says why, and goes on', async () => {
    const one = contestant();
    await expect(one.open('cannot open', {})).rejects.toThrow('someone: Error: There is no such file.');
    await expect(one.open('no such thing', {})).rejects.toThrow("There is no workload 'no such thing'.");
    const stuck = await one.open('closes loudly', {});
    await expect(one.close(stuck.id)).rejects.toThrow('The door is stuck.');
    const { id } = await one.open('steady', {});
    expect(await one.round(id)).toEqual({ us: 5 });
  });

  test('that dies is told with its code and the end of its standard error, then and later', async () => {
    const one = contestant();
    const { id } = await one.open('dies', {});
    await expect(one.round(id)).rejects.toThrow(/someone ended with code 3\nOut of luck\./u);
    await expect(one.round(id)).rejects.toThrow('ended with code 3');
  });

  test('that talks nonsense is ended', async () => {
    const one = contestant();
    const { id } = await one.open('talks nonsense', {});
    await expect(one.round(id)).rejects.toThrow('someone said what is not JSON: hello');
  });

  test('that says nothing for too long is ended', async () => {
    const silent = { command: process.execPath, args: ['-e', 'process.stdin.resume()'] };
    const one = new Contestant('someone', silent, 200);
    started.push(one);
    await expect(one.open('steady', {})).rejects.toThrow(/someone said nothing for 0.2 s after .*"do":"open"/u);
    await expect(one.round(1)).rejects.toThrow('said nothing');
  });

  test('that cannot be started is told', async () => {
    const one = new Contestant('nobody', { command: join(__dirname, 'no-such-program'), args: [] });
    await expect(one.open('steady', {})).rejects.toThrow('nobody could not be started');
  });

  test('is gone after its end, however it hangs', async () => {
    const one = contestant();
    const { id } = await one.open('says nothing', {});
    const asked = expect(one.round(id)).rejects.toThrow('ended with SIGKILL');
    await one.end();
    await asked;
  });
});
