import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { context, explainSettings, inspectHistory, type LM, LMError, Predict } from 'dspex';
import {
  composeLM,
  FileCache,
  HttpRetriever,
  lm as lmByName,
  MemoryCache,
  OpenAICompatible,
  OpenAIEmbedder,
  recorded,
} from 'dspex/clients';
import { type FaultServer, startFaultServer } from 'dspex/testing';
import { expect } from 'vitest';
import { historyOf } from '../../../../src/program/predict/history';
import { capturingLogger, everythingOf, filesBelow, listenToAll } from '../../canary/artifacts';
import { answerTo, CANARY, CLIENTS, SECRETS } from '../../canary/clients';
import { ECHOES, STREAMED } from '../../canary/echoes';
import { faultRow } from '../../matrix/fault-row';

/** Fails with the surroundings of the first canary, and where it was found. */
function expectNone(where: string, text: string): void {
  const at = text.search(CANARY);
  expect(at < 0 ? '' : `${where}: ...${text.slice(Math.max(0, at - 80), at + 60)}...`).toBe('');
}

/** The secrets did reach the server: otherwise nothing here would mean anything. */
function expectSent({ requests }: FaultServer): void {
  expect(requests.length).toBeGreaterThan(0);
  for (const { path, headers } of requests) {
    const sent = `${path} ${Object.values(headers).join(' ')}`;
    expect(sent).toContain(SECRETS.apiKey);
    expect(sent).toContain(SECRETS.headers['x-gateway-token']);
    expect(path).toContain('canary-subscription-key');
  }
}

const ask = (lm: LM, streaming = false) =>
  lm.generate(
    lm.createRequest([{ role: 'user', content: 'q' }], { maxTokens: 100 }),
    streaming ? { onDelta: () => undefined } : {},
  );

/** Something that sends secrets, and how it is asked. */
interface Subject {
  readonly client: { close(): Promise<void>; stats?(): unknown };
  ask(streaming: boolean): Promise<unknown>;
}

function subjectOf(client: LM): Subject {
  return { client, ask: (streaming) => ask(client, streaming) };
}

function embedder(baseUrl: string): Subject {
  const client = new OpenAIEmbedder({ model: 'm', baseUrl, ...SECRETS, firstByteMs: 150 });
  return { client, ask: () => client.embed(['a text']) };
}

function retriever(url: string): Subject {
  const client = new HttpRetriever({ url, ...SECRETS, firstByteMs: 150 });
  return { client, ask: () => client.retrieve('a query') };
}

const SUBJECTS: Readonly<Record<string, (url: string) => Subject>> = {
  ...Object.fromEntries(Object.entries(CLIENTS).map(([name, make]) => [name, (url: string) => subjectOf(make(url))])),
  OpenAIEmbedder: embedder,
  HttpRetriever: retriever,
};

for (const [name, make] of Object.entries(SUBJECTS)) {
  faultRow(
    47,
    `${name}: no failure shows a secret, though the server gives all of them back`,
    async ({ use, after }) => {
      const heard = listenToAll();
      after(heard.stop);
      const { lines, logger } = capturingLogger();
      let failures = 0;
      const faults = { ...ECHOES, ...(name in CLIENTS ? STREAMED : {}) };
      for (const [fault, script] of Object.entries(faults)) {
        const server = use(await startFaultServer((exchange) => script(exchange) as Promise<void>));
        const { client, ask: send } = make(server.url);
        use(client);
        const settled = await context({ logger: logger as never }, () =>
          send(fault in STREAMED).then(
            (answer) => ({ answer }),
            (error: unknown) => ({ error }),
          ),
        );
        expectSent(server);
        if ('error' in settled) {
          failures += 1;
          expect(settled.error, fault).toBeInstanceOf(LMError);
          expectNone(`${fault}: the error`, everythingOf(settled.error));
        } else if (!(fault in STREAMED)) {
          expect.fail(`${fault} was taken for an answer: ${JSON.stringify(settled.answer)}`);
        }
        expectNone(`${fault}: the client`, everythingOf(client) + everythingOf(client.stats?.()));
      }
      if (name in CLIENTS) expect(heard.events.length).toBeGreaterThan(0);
      expectNone('telemetry', everythingOf(heard.events));
      expectNone('the logger', everythingOf(lines));
      return {
        happened: `${failures} failures that echo every header and the path; no part of a secret in what they show`,
      };
    },
  );
}

faultRow(
  47,
  'nothing that is kept holds a secret: cache, recording, history, saved program, settings',
  async ({ use, after }) => {
    const folder = await mkdtemp(join(tmpdir(), 'dspex-secrets-'));
    after(() => rm(folder, { recursive: true }));
    const heard = listenToAll();
    after(heard.stop);
    const { lines, logger } = capturingLogger();
    const server = use(await startFaultServer((exchange) => exchange.reply(200, answerTo(exchange.request.path))));
    const memory = new MemoryCache();
    for (const [name, make] of Object.entries(CLIENTS)) {
      for (const cache of [memory, new FileCache(join(folder, 'cache'))]) {
        const lm = use(
          recorded(composeLM(make(server.url), { cache }), join(folder, 'calls.jsonl'), { mode: 'record' }),
        );
        const program = new Predict('q -> a');
        program.lm = lm;
        await context({ lm, logger: logger as never }, async () => {
          const prediction = await program.call({ q: `question of ${name}` });
          expect(prediction.a).toBe('yes');
          expectNone(`${name}: the prediction`, everythingOf(prediction));
          const path = join(folder, `${name}.json`);
          await program.save(path);
          expectNone(`${name}: the saved program`, await readFile(path, 'latin1'));
          expectNone(`${name}: settings`, `${explainSettings(program)} ${everythingOf(explainSettings(program))}`);
          expectNone(`${name}: prompts`, program.inspectHistory(9, { print: false }));
        });
        expectNone(`${name}: the stack`, everythingOf(lm) + everythingOf(lm.stats()) + everythingOf(program));
      }
    }
    expectSent(server);
    expect(server.requests.length).toBeGreaterThanOrEqual(Object.keys(CLIENTS).length);
    const files = await filesBelow(folder);
    expect(files).toContain('question of Gemini');
    expectNone('files', files);
    const kept = [...memory.entries()];
    expect(kept.length).toBeGreaterThan(0);
    expectNone('the cache', everythingOf(kept));
    expectNone('history', everythingOf(historyOf(undefined, 100)) + inspectHistory(100, { print: false }));
    expectNone('telemetry', everythingOf(heard.events));
    expectNone('the logger', everythingOf(lines));
    return {
      happened: 'all kinds of clients, two caches, a recording, saved programs: clean',
      attempts: server.requests.length,
    };
  },
);

faultRow(
  47,
  'keys of the environment and of a provider by name are as secret as those in options',
  async ({ use, after }) => {
    const before = process.env['CANARY_API_KEY'];
    process.env['CANARY_API_KEY'] = SECRETS.apiKey;
    after(() => {
      if (before === undefined) delete process.env['CANARY_API_KEY'];
      else process.env['CANARY_API_KEY'] = before;
    });
    const server = use(
      await startFaultServer((exchange) =>
        exchange.reply(401, { error: { message: JSON.stringify(exchange.request) } }),
      ),
    );
    const lm = use(lmByName('m', { baseUrl: server.url, apiKeyEnv: 'CANARY_API_KEY' }));
    const error = await ask(lm).catch((reason: unknown) => reason);
    expect(server.requests[0]?.headers['authorization']).toContain(SECRETS.apiKey);
    expect(error).toBeInstanceOf(LMError);
    expectNone('the error', everythingOf(error));
    expectNone('the client', everythingOf(lm));
    return { happened: 'a 401 that echoes the key of the environment shows none of it', attempts: 1 };
  },
);

faultRow(47, 'credentials in a URL are refused, and those of a proxy are never shown', async ({ use }) => {
  for (const baseUrl of [
    'http://user:canary-pass@127.0.0.1:9/v1',
    'http://127.0.0.1:9/v1?key=canary-key',
    'canary-nonsense-@',
  ]) {
    try {
      new OpenAICompatible({ model: 'm', baseUrl });
      expect.fail('it was taken');
    } catch (error) {
      if (!baseUrl.includes('nonsense')) expectNone('the refusal', everythingOf(error));
    }
  }
  const proxy = use(
    await startFaultServer((exchange) => exchange.reply(407, JSON.stringify(exchange.request), { 'x-why': 'no' })),
  );
  const proxyUrl = new URL(proxy.url);
  const login = 'canary-user:canary-proxy-word';
  const options = { model: 'm', proxy: `http://${login}@${proxyUrl.host}`, ...SECRETS, deadlineMs: 2000 };
  let asked = 0;
  for (const baseUrl of ['http://192.0.2.1/v1', 'https://192.0.2.1/v1']) {
    const lm = use(new OpenAICompatible({ ...options, baseUrl }));
    const error = await ask(lm).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LMError);
    expectNone(`${baseUrl}: the error`, everythingOf(error));
    expectNone(`${baseUrl}: the client`, everythingOf(lm));
    asked = proxy.requests.length;
  }
  const sent = proxy.requests.map(({ headers }) => Object.values(headers).join(' ')).join(' ');
  expect(sent).toContain(Buffer.from(login).toString('base64'));
  expectNone(
    'a wrong proxy',
    await Promise.resolve()
      .then(() => new OpenAICompatible({ model: 'm', baseUrl: 'http://127.0.0.1:9', proxy: 'ftp://canary@x' }))
      .then(() => '', everythingOf),
  );
  return {
    happened: 'URLs with credentials refused; a proxy that gives its login back is not quoted',
    attempts: asked,
  };
});
