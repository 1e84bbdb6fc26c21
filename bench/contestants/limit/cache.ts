import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { repeated } from '../../harness/repeated';
import type { OpenWorkload } from '../../harness/workload';
import { demosUpTo, flat, newMessages, PROMPTS } from '../cached-prompts';
import { INSTANT_ANSWER, numberOf, questionOf } from '../task';
import { messagesOf } from './prompt';

/** The hash of a text that is there in one piece: no request is gone through. The same text that dspex hashes, which the row verifies. */
export const openCacheKey: OpenWorkload = (params) => {
  const bytes = numberOf(params, 'bytes');
  const head = JSON.stringify(['dspex-request-1', 'instant:', 'instant', { maxTokens: 1000, temperature: 0 }]);
  const texts = Array.from({ length: PROMPTS }, (_, index) => {
    const messages = params['shared'] === true ? withDemos(bytes, index) : newMessages(bytes, index);
    const written = messages.map(({ role, content }) => `${role.length}:${role}${content.length}:${content}`);
    return flat(`${head}${written.join('')};`);
  });
  const calls = (count: number, from: number) => {
    for (let index = from; index < from + count; index += 1) hash('sha256', texts[index % PROMPTS] ?? '', 'hex');
  };
  return repeated(calls, { outputs: () => texts.slice(0, 2).map((text) => hash('sha256', text, 'hex')) });
};

function withDemos(bytes: number, index: number): readonly { readonly role: string; readonly content: string }[] {
  const [system, asked] = messagesOf(questionOf(index));
  const demos = demosUpTo(bytes).flatMap(({ question, answer }) => [
    { role: 'user', content: `[[ ## question ## ]]\n${question}` },
    { role: 'assistant', content: `[[ ## answer ## ]]\n${answer}\n\n[[ ## completed ## ]]\n` },
  ]);
  return [system, ...demos, asked].filter((message) => message !== undefined);
}

const NO_USAGE = {
  calls: 0,
  cachedCalls: 0,
  lostAttempts: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  reasoningTokens: 0,
  costUsd: 0,
  unpricedCalls: 0,
};

/** An answer as dspex has it. */
const ANSWER = {
  model: 'instant',
  completions: [{ text: INSTANT_ANSWER, finishReason: 'stop' }],
  usage: NO_USAGE,
  cached: false,
  attempts: 1,
};

async function lmdb() {
  const folder = await mkdtemp(join(tmpdir(), 'dspex-bench-'));
  const store = open<Buffer, Buffer>({
    path: join(folder, 'answers.mdb'),
    noSubdir: true,
    encoding: 'binary',
    keyEncoding: 'binary',
    overlappingSync: false,
  });
  const close = async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { store, close };
}

const keyOf = (index: number) => hash('sha256', `${index}`, 'buffer');
const encoded = () => Buffer.from(JSON.stringify(ANSWER));

/** An entry of lmdb, read as JSON: no checksum, no bounds, not frozen. */
export const openDiskHit: OpenWorkload = async () => {
  const { store, close } = await lmdb();
  const keys = Array.from({ length: PROMPTS }, (_, index) => keyOf(index));
  await Promise.all(keys.map((key) => store.put(key, encoded())));
  const hit = (index: number) => JSON.parse(String(store.get(keys[index % PROMPTS] as Buffer))) as typeof ANSWER;
  const calls = async (count: number, from: number) => {
    for (let index = from; index < from + count; index += 1) {
      if ((await hit(index)).attempts !== 1) throw new Error('This is no hit.');
    }
  };
  return repeated(calls, { outputs: () => hit(7), close });
};

/** Entries put into lmdb, 64 at once, each resolved when it is flushed. */
export const openDiskPut: OpenWorkload = async () => {
  const { store, close } = await lmdb();
  const calls = async (count: number, from: number) => {
    for (let index = from; index < from + count; index += PROMPTS) {
      const last = Math.min(index + PROMPTS, from + count);
      await Promise.all(Array.from({ length: last - index }, (_, at) => store.put(keyOf(index + at), encoded())));
    }
  };
  return repeated(calls, { close });
};
