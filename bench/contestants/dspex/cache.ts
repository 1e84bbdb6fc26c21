import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LMRequest, type Message, requestKey, specOf } from 'dspex';
import { ChatAdapter } from 'dspex/adapters';
import { composeLM, DiskCache } from 'dspex/clients';
import { repeated } from '../../harness/repeated';
import type { OpenWorkload, Params } from '../../harness/workload';
import { demosUpTo, newMessages, OPTIONS, PROMPTS } from '../cached-prompts';
import { ASKED, numberOf, questionOf } from '../task';
import { InstantLM, SleepingLM } from './instant-lm';

const LM = new InstantLM();

/** Makes a request of its own each time, of messages that are there; `shared: true`: they begin with the messages of all others. */
function requests(params: Params): (index: number) => LMRequest {
  const bytes = numberOf(params, 'bytes', 1000);
  const [adapter, spec, demos] = [new ChatAdapter(), specOf(ASKED), demosUpTo(bytes)];
  const prompts = Array.from({ length: PROMPTS }, (_, index): readonly Message[] =>
    params['shared'] === true
      ? adapter.format(spec, demos, { question: questionOf(index) })
      : newMessages(bytes, index),
  );
  return (index) => LM.createRequest(prompts[index % PROMPTS] ?? [], OPTIONS);
}

/** The key of a request. None is remembered from one to the next. */
export const openCacheKey: OpenWorkload = (params) => {
  const made = requestsMade(params);
  const calls = (count: number, from: number) => {
    for (let index = from; index < from + count; index += 1) requestKey(made[index % PROMPTS] as LMRequest);
  };
  return repeated(calls, { outputs: () => made.slice(0, 2).map(requestKey) });
};

/** A whole call of an LM with all its layers that its memory cache answers. */
export const openCacheHit: OpenWorkload = async (params) => {
  const request = requests(params);
  const lm = composeLM(new InstantLM());
  for (let index = 0; index < PROMPTS; index += 1) await lm.generate(request(index));
  const calls = async (count: number, from: number) => {
    for (let index = from; index < from + count; index += 1) await lm.generate(request(index));
    if (lm.stats().cacheHits < from + count) throw new Error('This was no hit.');
  };
  return repeated(calls, { close: () => lm.close() });
};

/** Requests that are there, as with the other contestants. */
function requestsMade(params: Params): readonly LMRequest[] {
  const request = requests(params);
  return Array.from({ length: PROMPTS }, (_, index) => request(index));
}

/** The key of a request that was never there before; without `keyed: true` a key that no request has, for the store alone. */
function newKeys(params: Params): (index: number) => string {
  if (params['keyed'] !== true) return (index) => hash('sha256', `${index}`);
  const made = requestsMade(params);
  // A seed of its own makes another request of the same prompt.
  return (index) => requestKey({ ...(made[index % PROMPTS] as LMRequest), options: { ...OPTIONS, seed: index } });
}

async function disk() {
  const folder = await mkdtemp(join(tmpdir(), 'dspex-bench-'));
  const store = new DiskCache(folder);
  await store.open();
  const close = async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { store, close };
}

/** An answer that is on disk and not in memory; `keyed: true`: with the key of its request. */
export const openDiskHit: OpenWorkload = async (params) => {
  const [{ store, close }, made, answer] = [await disk(), requestsMade(params), await LM.generate()];
  const known = made.map((request) => requestKey(request));
  await Promise.all(known.map((key) => store.set(key, answer)));
  const keyOf = (index: number) =>
    params['keyed'] === true ? requestKey(made[index % PROMPTS] as LMRequest) : (known[index % PROMPTS] as string);
  const calls = async (count: number, from: number) => {
    for (let index = from; index < from + count; index += 1) {
      if ((await store.get(keyOf(index))) === undefined) throw new Error('This is no hit.');
    }
  };
  return repeated(calls, { outputs: () => store.get(keyOf(7)), close });
};

/** Answers put on disk, 64 at once, as an evaluation has them; resolved when they are flushed. `keyed: true` as above. */
export const openDiskPut: OpenWorkload = async (params) => {
  const [{ store, close }, key, answer] = [await disk(), newKeys(params), await LM.generate()];
  const calls = async (count: number, from: number) => {
    for (let index = from; index < from + count; index += PROMPTS) {
      const last = Math.min(index + PROMPTS, from + count);
      await Promise.all(Array.from({ length: last - index }, (_, at) => store.set(key(index + at), answer)));
    }
  };
  return repeated(calls, { close });
};

/** So many callers of the same request at once: how many requests reach the model. */
export const openStampede: OpenWorkload = (params) => {
  const [callers, latencyMs] = [numberOf(params, 'callers', 1000), numberOf(params, 'latencyMs', 50)];
  let round = 0;
  return {
    round: async () => {
      round += 1;
      const counting = new CountingLM(latencyMs);
      await using lm = composeLM(counting);
      const content = `Question number ${round}`;
      await Promise.all(
        Array.from({ length: callers }, () => lm.generate(lm.createRequest([{ role: 'user', content }]))),
      );
      return { requests: counting.requests };
    },
  };
};

class CountingLM extends SleepingLM {
  requests = 0;

  override generate() {
    this.requests += 1;
    return super.generate();
  }
}
