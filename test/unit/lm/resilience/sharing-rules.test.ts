import { expect, test, vi } from 'vitest';
import { BudgetExceededError } from '../../../../src/core/errors/clients/budget-exceeded-error';
import { SingleFlight } from '../../../../src/lm/resilience/single-flight';

const spent = () => new BudgetExceededError('calls', 1, 1, 1, {});
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('who wants no answer of a cache does not share the call of somebody who would take one', async () => {
  const flights = new SingleFlight<string>();
  const call = vi.fn(async () => {
    await turn();
    return 'fine';
  });
  const all = [false, true, true, false].map((fresh) => flights.run('key', call, { fresh }));
  await Promise.all(all);
  expect(call).toHaveBeenCalledTimes(2);
  expect(flights.shared).toBe(2);
});

test('the empty budget of the first caller is no failure of the others: one of them calls anew, for all who are left', async () => {
  const flights = new SingleFlight<string>();
  const call = vi.fn(async () => {
    await turn();
    return 'fine';
  });
  call.mockImplementationOnce(async () => {
    await turn();
    throw spent();
  });
  const [first, ...others] = [1, 2, 3].map(() => flights.run('key', call));
  await expect(first).rejects.toThrow(BudgetExceededError);
  expect(await Promise.all(others)).toEqual(['fine', 'fine']);
  expect(call).toHaveBeenCalledTimes(2);
});

test('who was told a piece of an answer is not told the beginning of another one', async () => {
  const flights = new SingleFlight<string, string>();
  const told: string[] = [];
  const call = vi.fn(async (_: unknown, tell?: (piece: string) => unknown) => {
    await tell?.('half');
    await turn();
    throw spent();
  });
  const onPiece = (piece: string) => void told.push(piece);
  const both = [flights.run('key', call, { onPiece: () => {} }), flights.run('key', call, { onPiece })];
  for (const one of both) await expect(one).rejects.toThrow(BudgetExceededError);
  expect(told).toEqual(['half']);
  expect(call).toHaveBeenCalledTimes(1);
});

test('those who joined get what is made of the result for them', async () => {
  const flights = new SingleFlight<string>((result) => `${result}, shared`);
  const call = async () => {
    await turn();
    return 'fine';
  };
  expect(await Promise.all([flights.run('key', call), flights.run('key', call)])).toEqual(['fine', 'fine, shared']);
});

test('a call that throws before it begins fails its caller and is forgotten', async () => {
  const flights = new SingleFlight<string>();
  const broken = (): Promise<string> => {
    throw new Error('not even begun');
  };
  await expect(flights.run('key', broken)).rejects.toThrow('not even begun');
  expect(await flights.run('key', async () => 'fine')).toBe('fine');
});

test('who has less time than the call it joined waits no longer than that, and the call goes on', async () => {
  const flights = new SingleFlight<string>();
  let end: (result: string) => void = () => undefined;
  const call = vi.fn((_: unknown) => new Promise<string>((resolve) => (end = resolve)));
  const late = new Error('late');
  const signal = new AbortController().signal;
  const first = flights.run('key', call, { deadlineMs: 60_000, signal });
  await expect(flights.run('key', call, { deadlineMs: 20, expired: () => late })).rejects.toBe(late);
  const controller = new AbortController();
  const aborted = flights.run('key', call, { deadlineMs: 5_000, signal: controller.signal });
  controller.abort('enough');
  await expect(aborted).rejects.toBe('enough');
  end('fine');
  expect(await first).toBe('fine');
  expect(call).toHaveBeenCalledTimes(1);
});

test('the last one who waits ends the call, also when it is its time that is over', async () => {
  const flights = new SingleFlight<string>();
  const late = new Error('late');
  let flight: { readonly aborted: boolean; readonly reason: unknown } | undefined;
  const call = (cancellation: typeof flight) => {
    flight = cancellation;
    return new Promise<string>(() => undefined);
  };
  const controller = new AbortController();
  const first = flights.run('key', call, { signal: controller.signal });
  const second = flights.run('key', call, { deadlineMs: 20, expired: () => late });
  controller.abort('enough');
  await expect(first).rejects.toBe('enough');
  expect(flight?.aborted).toBe(false);
  await expect(second).rejects.toBe(late);
  expect(flight).toMatchObject({ aborted: true, reason: late });
});
