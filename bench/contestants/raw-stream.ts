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

/** How much later the first token comes than in the raw stream: both sides in turns, the order turned round each time. */
export async function addedWait(raw: FirstToken, ours: FirstToken, pairs: number, from: number) {
  const added: number[] = [];
  for (let index = 0; index < pairs; index += 1) {
    const turns = index % 2 === 0 ? [raw, ours] : [ours, raw];
    const times = new Map<FirstToken, number>();
    for (const turn of turns) times.set(turn, await turn(from + index));
    added.push((times.get(ours) ?? Number.NaN) - (times.get(raw) ?? Number.NaN));
  }
  if (added.some(Number.isNaN)) throw new Error('An answer had no first token.');
  added.sort((a, b) => a - b);
  const at = (share: number) => added[Math.min(added.length - 1, Math.floor(added.length * share))] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
