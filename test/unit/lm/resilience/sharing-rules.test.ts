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
