import { createHash } from 'node:crypto';
import type { Figures } from '../harness/workload';

const TOKENS = 20_000;
const CHUNK = 1400;

/** A streamed answer of many tokens, as an endpoint like OpenAI's sends it: its text, and its bytes in chunks as of a socket. */
export function streamedAnswer(): { readonly chunks: readonly Buffer[]; readonly bytes: number } {
  const word = (index: number) => (index % 17 === 0 ? 'naïve – ' : `word${index % 100} `);
  const deltas = [
    '[[ ## answer ## ]]\n',
    ...Array.from({ length: TOKENS }, (_, index) => word(index)),
    '\n\n[[ ## completed ## ]]',
  ];
  const event = (content: string, finish: string | null) => {
    const choices = [{ index: 0, delta: { content }, logprobs: null, finish_reason: finish }];
    const chunk = { id: 'mock-1', object: 'chat.completion.chunk', created: 1, model: 'mock', choices };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  };
  const all = Buffer.from(`${deltas.map((text) => event(text, null)).join('')}${event('', 'stop')}data: [DONE]\n\n`);
  const chunks: Buffer[] = [];
  for (let at = 0; at < all.length; at += CHUNK) chunks.push(all.subarray(at, at + CHUNK));
  return { chunks, bytes: all.length };
}

/** What one event adds to the text of the answer; `undefined` at the end of the stream. */
export function contentOf(data: string): string | undefined {
  if (data === '[DONE]') return undefined;
  const { choices } = JSON.parse(data) as { choices: readonly { readonly delta: { readonly content?: string } }[] };
  return choices[0]?.delta.content ?? '';
}

export function digestOf(texts: readonly string[]): object {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return { count: texts.length, sha256: hash.digest('hex') };
}

async function repeatedFor(ms: number, once: () => unknown): Promise<number> {
  let times = 0;
  for (const until = performance.now() + ms; performance.now() < until; times += 1) await once();
  return times;
}

/** Megabytes a second of processor time. */
export async function throughput(bytes: number, once: () => unknown): Promise<Figures> {
  // The collection before a round throws away compiled code of objects that no longer live: this is for the compiler.
  await repeatedFor(150, once);
  const before = process.cpuUsage();
  const times = await repeatedFor(250, once);
  const { user, system } = process.cpuUsage(before);
  return { mbPerSecond: (bytes * times) / (user + system) };
}
