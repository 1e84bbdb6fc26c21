import type { Agent } from 'undici';

/** The first letters of the answer of the mock server's model `mock-pieces-4`: its first token. */
export const FIRST = 'It';
export const STREAMING_MODEL = 'mock-pieces-4';

/** Milliseconds until the first token was there; the answer is read to its end. */
export type FirstToken = (number: number) => Promise<number>;

/** A streamed answer by hand: the bytes as they come, looked through for the token. */
export function rawFirstToken(agent: Agent, url: string, messagesOf: (number: number) => unknown): FirstToken {
  const { origin, pathname } = new URL(`${url}/chat/completions`);
  return async (number) => {
    const startedAt = performance.now();
    let at = Number.NaN;
    let text = '';
    const { body } = await agent.request({
      origin,
      path: pathname,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: STREAMING_MODEL, messages: messagesOf(number), stream: true }),
    });
    for await (const bytes of body) {
      text += String(bytes);
      if (Number.isNaN(at) && text.includes(FIRST)) at = performance.now();
    }
    return at - startedAt;
  };
}

/**
 * How much later the first token comes than in the raw stream, both sides in turns, the order turned round each time: the median of the
 * differences, and the difference of the 99th percentiles. (The 99th percentile of the differences would be that of the noise of both.)
 */
export async function addedWait(raw: FirstToken, ours: FirstToken, pairs: number, from: number) {
  const [theirs, mine]: [number[], number[]] = [[], []];
  const sides: readonly [FirstToken, number[]][] = [
    [raw, theirs],
    [ours, mine],
  ];
  for (let index = 0; index < pairs; index += 1) {
    for (const [side, times] of index % 2 === 0 ? sides : sides.toReversed()) times.push(await side(from + index));
  }
  if ([...theirs, ...mine].some(Number.isNaN)) throw new Error('An answer had no first token.');
  const added = mine.map((ms, index) => ms - (theirs[index] ?? Number.NaN));
  return { p50Ms: at(added, 0.5), p99Ms: at(mine, 0.99) - at(theirs, 0.99) };
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
