import { gunzipSync } from 'node:zlib';
import { OpenAICompatible } from 'dspex/clients';
import {
  chatAnswer,
  chatChunks,
  type FaultScript,
  type FaultServer,
  faults,
  rateLimited,
  startFaultServer,
  startMockServer,
} from 'dspex/testing';
import { Client } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function serve(script: FaultScript): Promise<FaultServer> {
  const server = await startFaultServer(script);
  open.push(server);
  return server;
}

/** The bytes of one raw answer, by a client that knows nothing of dspex. */
async function fetchBytes(server: FaultServer) {
  const client = new Client(new URL(server.url).origin);
  open.push({ close: () => client.destroy() });
  const { statusCode, headers, body } = await client.request({
    path: '/v1/chat/completions',
    method: 'POST',
    body: '{}',
  });
  return { statusCode, headers, read: async () => Buffer.from(await body.arrayBuffer()) };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: unknown) => (error as { code?: string }).code,
  );

function ask(url: string, onDelta?: (text: string) => void) {
  const lm = new OpenAICompatible({ model: 'm', baseUrl: url });
  open.push(lm);
  return lm.generate(
    lm.createRequest([{ role: 'user', content: 'q' }]),
    onDelta === undefined ? {} : { onDelta: ({ text }) => onDelta(text ?? '') },
  );
}

const TEXT = 'a  word, and\nanother ';
const EVENTS = chatChunks(TEXT);

describe('a fault', () => {
  test.each<[string, FaultScript]>([
    ['reset', faults.reset()],
    ['slowHead', faults.slowHead(1)],
    ['silence', faults.silence()],
  ])('%s brings no head', async (_name, script) => {
    const server = await serve(script);
    const client = new Client(new URL(server.url).origin, { headersTimeout: 50 });
    open.push({ close: () => client.destroy() });
    expect(await failure(client.request({ path: '/', method: 'POST', body: '{}' }))).toMatch(
      /UND_ERR_SOCKET|ECONNRESET|UND_ERR_HEADERS_TIMEOUT/u,
    );
  });

  test('of the body breaks it where it says', async () => {
    for (const how of ['reset', 'end'] as const) {
      const { headers, read } = await fetchBytes(await serve(faults.cutBody(chatAnswer('x'), 20, how)));
      expect(Number(headers['content-length'])).toBeGreaterThan(100);
      expect(await failure(read())).toMatch(/UND_ERR_SOCKET|ECONNRESET/u);
    }
    const short = await fetchBytes(await serve(faults.truncatedJson({ a: [1, 2] }, 5)));
    expect(String(await short.read())).toBe('{"a":');
    const broken = await fetchBytes(await serve(faults.bytes(new Uint8Array([0xff, 0xfe, 0]))));
    expect([...(await broken.read())]).toEqual([0xff, 0xfe, 0]);
  });

  test('of success is no answer', async () => {
    const page = await fetchBytes(await serve(faults.html()));
    expect([page.statusCode, page.headers['content-type'], String(await page.read())]).toEqual([
      200,
      'text/html',
      expect.stringContaining('<html>'),
    ]);
    const nothing = await fetchBytes(await serve(faults.empty()));
    expect([nothing.statusCode, (await nothing.read()).length]).toEqual([200, 0]);
  });

  test('of size is as large as it says', async () => {
    const bomb = await (await fetchBytes(await serve(faults.gzipBomb(3_000_000)))).read();
    expect(bomb.length).toBeLessThan(10_000);
    expect(gunzipSync(bomb)).toHaveLength(3_000_000);
    const server = await serve(faults.endless());
    const { default: http } = await import('node:http');
    const read = await new Promise<number>((resolve) => {
      let bytes = 0;
      http
        .request(server.url, { method: 'POST' }, (response) => {
          response.on('data', (part: Buffer) => {
            bytes += part.length;
            if (bytes > 5_000_000) response.destroy();
          });
          response.on('close', () => resolve(bytes));
          response.on('error', () => {});
        })
        .end();
    });
    expect(read).toBeGreaterThan(5_000_000);
    expect(server.scriptErrors).toEqual([]);
  });

  test('of a stream brings the first events', async () => {
    const whole = String(await (await fetchBytes(await serve(faults.events(EVENTS)))).read());
    expect(whole.split('\n\n').filter((event) => event !== '')).toEqual(EVENTS.map((event) => `data: ${event}`));
    const error = String(await (await fetchBytes(await serve(faults.errorInStream(EVENTS, 2, { code: 'x' })))).read());
    expect(error.trim().split('\n\n').at(-1)).toBe('data: {"error":{"code":"x"}}');
    const cut = await fetchBytes(await serve(faults.cutStream(EVENTS, 2)));
    expect(await failure(cut.read())).toMatch(/UND_ERR_SOCKET|ECONNRESET/u);
    const noisy = String(await (await fetchBytes(await serve(faults.noisyStream(EVENTS)))).read());
    expect(noisy).toContain('event: celebration\ndata: a party\n\n');
  });

  test('leads elsewhere, says a status, takes turns', async () => {
    const away = await fetchBytes(await serve(faults.redirect('http://127.0.0.1:1/')));
    expect([away.statusCode, away.headers['location']]).toEqual([307, 'http://127.0.0.1:1/']);
    const server = await serve(faults.inTurn(faults.status(503, { 'retry-after': '3' }), faults.answer({ ok: true })));
    const first = await fetchBytes(server);
    expect([first.statusCode, first.headers['retry-after']]).toEqual([503, '3']);
    for (let turn = 0; turn < 2; turn += 1) expect(String(await (await fetchBytes(server)).read())).toBe('{"ok":true}');
  });
});

test('the same answer comes whole and in pieces', async () => {
  const whole = await ask((await serve(faults.answer(chatAnswer(TEXT)))).url);
  const pieces: string[] = [];
  const streamed = await ask((await serve(faults.events(EVENTS))).url, (text) => pieces.push(text));
  expect(whole.completions[0]?.text).toBe(TEXT);
  expect(streamed.completions).toEqual(whole.completions);
  expect(streamed.usage).toMatchObject({ outputTokens: 4 });
  expect(pieces.join('')).toBe(TEXT);
  expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(3);
});

test('a server with a limit refuses what is above it, and says how long to wait', async () => {
  const server = await serve(rateLimited(3, faults.answer(chatAnswer('yes'))));
  const answers = await Promise.all(Array.from({ length: 5 }, () => fetchBytes(server)));
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 200, 429, 429]);
  const refused = answers.find(({ statusCode }) => statusCode === 429);
  expect(Number(refused?.headers['retry-after-ms'])).toBeGreaterThan(0);
  expect(Number(refused?.headers['retry-after-ms'])).toBeLessThanOrEqual(1_000);
});

describe('the mock server', () => {
  test('streams when it is asked to, with the usage', async () => {
    const server = await startMockServer({ respond: TEXT });
    open.push(server);
    const pieces: string[] = [];
    const streamed = await ask(server.url, (text) => pieces.push(text));
    expect(server.requests[0]?.body['stream']).toBe(true);
    expect(pieces.join('')).toBe(TEXT);
    expect(streamed).toMatchObject({ completions: [{ text: TEXT }], usage: { inputTokens: 1, outputTokens: 4 } });
  });

  test('cuts a stream in the middle', async () => {
    const server = await startMockServer({ respond: { text: TEXT, cut: 'body' } });
    open.push(server);
    const pieces: string[] = [];
    expect(await failure(ask(server.url, (text) => pieces.push(text)))).toBe('LM_TRANSPORT');
    expect(TEXT.startsWith(pieces.join(''))).toBe(true);
    expect(pieces.join('')).not.toBe('');
  });
});
