import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';
import { constants, gzipSync } from 'node:zlib';
import { OpenAICompatible } from 'dspex/clients';
import { type FaultScript, startFaultServer } from 'dspex/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { LMTimeoutError, LMTransportError } from '../../../../src/core/errors/lm-errors';
import { InvalidOptionError } from '../../../../src/core/errors/option-errors';
import { ANSWER, ask, failureOf, listener, piece, streamed } from '../../../faults/calls';

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function serve(script: FaultScript, options: object = {}) {
  const server = await startFaultServer(script);
  open.push(() => server.close());
  const lm = new OpenAICompatible({ model: 'm', baseUrl: server.url, ...options });
  open.push(() => lm.close());
  return { server, lm };
}

/** A listener that goes on after the first piece with `then`. */
function heard(then: () => void) {
  let text = '';
  const onDelta = (delta: { text?: string }) => {
    text += delta.text ?? '';
    setImmediate(then);
  };
  return { onDelta, told: () => text };
}

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('a blocked event loop', () => {
  test('is not charged to a server that answered meanwhile', async () => {
    const { lm } = await serve((exchange) => exchange.reply(200, ANSWER));
    await ask(lm);
    const call = ask(lm, { deadlineMs: 150 });
    // The request is out; then nobody looks at the socket until long after the deadline.
    await wait(0);
    block(400);
    expect((await call).completions[0]?.text).toBe('yes');
  });

  test('makes no gap in a stream', async () => {
    const { lm } = await serve((exchange) => streamed(exchange, ['a', 'b']), { idleMs: 100 });
    let first = true;
    const onDelta = () => {
      if (first) block(300);
      first = false;
    };
    expect((await ask(lm, { onDelta })).completions[0]?.text).toBe('ab');
  });

  test('saves nobody who does not answer', async () => {
    const { lm } = await serve((exchange) => exchange.pause(60_000));
    const call = failureOf(ask(lm, { deadlineMs: 60 }));
    await wait(20);
    block(150);
    expect(await call).toBeInstanceOf(LMTimeoutError);
  });
});

describe('an abort', () => {
  const reason = new Error('enough');
  const stages: Readonly<Record<string, FaultScript>> = {
    'before the head': (exchange) => exchange.pause(60_000),
    'in the body': async (exchange) => {
      await exchange.head(200, { 'content-type': 'application/json', 'content-length': '100' });
      await exchange.write('{');
      await exchange.pause(60_000);
    },
    'in the stream': async (exchange) => {
      await exchange.stream();
      await exchange.event(piece('a'));
      await exchange.pause(60_000);
    },
  };
  test.each(Object.keys(stages))('%s rejects with its reason and frees the socket', async (stage) => {
    const { server, lm } = await serve(stages[stage] as FaultScript);
    const controller = new AbortController();
    const { onDelta } = listener();
    const call = failureOf(ask(lm, { signal: controller.signal, ...(stage === 'in the stream' ? { onDelta } : {}) }));
    await expect.poll(() => server.requests.length).toBe(1);
    await wait(20);
    controller.abort(reason);
    expect(await call).toBe(reason);
    await expect.poll(() => server.open).toBe(0);
  });

  test('in a packed stream leaves the reason as its user made it', async () => {
    const packed = gzipSync(`data: ${JSON.stringify(piece('a'))}\n\n`, { finishFlush: constants.Z_SYNC_FLUSH });
    const { lm } = await serve(async (exchange) => {
      await exchange.head(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
      await exchange.write(packed);
      await exchange.pause(60_000);
    });
    const mine = Object.assign(new Error('mine'), { data: 1, body: 2, headers: 3 });
    const controller = new AbortController();
    const { onDelta, told } = heard(() => controller.abort(mine));
    expect(await failureOf(ask(lm, { signal: controller.signal, onDelta }))).toBe(mine);
    await wait(20);
    expect(told()).toBe('a');
    expect(mine).toMatchObject({ data: 1, body: 2, headers: 3 });
  });

  test('while a listener is busy tells it nothing more', async () => {
    const { lm } = await serve((exchange) => streamed(exchange, ['a', 'b', 'c']));
    const controller = new AbortController();
    const texts: string[] = [];
    const onDelta = async ({ text }: { text?: string }) => {
      texts.push(text ?? '');
      controller.abort(reason);
      await wait(20);
    };
    const call = failureOf(ask(lm, { signal: controller.signal, onDelta }));
    expect(await call).toBe(reason);
    await wait(60);
    expect(texts).toEqual(['a']);
  });
});

describe('a request', () => {
  test('names itself, each time anew', async () => {
    const { server, lm } = await serve((exchange) => exchange.reply(200, ANSWER));
    await ask(lm);
    await ask(lm);
    const names = server.requests.map(({ headers }) => headers['x-client-request-id']);
    expect(names[0]).toMatch(/^[0-9a-f-]{36}$/u);
    expect(names[1]).not.toBe(names[0]);
  });

  test('keeps the name that its user gives, and then reads nothing from an echo', async () => {
    const { server, lm } = await serve(
      (exchange) => exchange.reply(200, ANSWER, { 'x-client-request-id': 'the gateway renames it' }),
      { headers: { 'X-Client-Request-Id': 'my-own-name' } },
    );
    expect((await ask(lm)).completions[0]?.text).toBe('yes');
    expect(server.requests[0]?.headers['x-client-request-id']).toBe('my-own-name');
  });

  test('is told as a span, without prompt, answer or key', async () => {
    const events: Record<string, unknown>[] = [];
    const listen = (event: unknown) => void events.push(event as Record<string, unknown>);
    subscribe('dspex:attempt', listen);
    open.push(() => unsubscribe('dspex:attempt', listen));
    const { lm } = await serve(
      (exchange, index) =>
        index === 0 ? exchange.reply(200, ANSWER, { 'x-request-id': 'r-7' }) : streamed(exchange, ['canary-answer']),
      { apiKey: 'sk-canary-0001' },
    );
    await ask(lm);
    await ask(lm, listener());
    expect(events.map(({ phase }) => phase)).toEqual(['start', 'end', 'start', 'end']);
    expect(events[1]).toMatchObject({ model: 'm', status: 200, requestId: 'r-7', streaming: false });
    expect(events[1]?.['bytesIn']).toBe(JSON.stringify(ANSWER).length);
    expect(events[3]).toMatchObject({ streaming: true, status: 200 });
    expect(events[3]?.['bytesIn']).toBeGreaterThan(100);
    expect(JSON.stringify(events)).not.toContain('canary');
  });
});

describe('a server that does not speak HTTP', () => {
  const endless = `HTTP/1.1 200 OK\r\n${'x-more: yes\r\n'.repeat(20_000)}`;
  test.each([
    ['says something else', 'SSH-2.0-canary\r\n\r\n'],
    ['gives two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}x'],
    ['has a broken chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\ncanary'],
    ['sends headers without end', endless],
  ])('and %s is a transport error, and is left', async (_, bytes) => {
    const { server, lm } = await serve(async (exchange) => {
      await exchange.write(bytes);
      await exchange.pause(10_000);
    });
    const error = await failureOf(ask(lm));
    expect(error).toBeInstanceOf(LMTransportError);
    expect(error.details.providerCode).toMatch(/^(HPE_|UND_ERR_)/u);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
    await expect.poll(() => server.open).toBe(0);
  });
});

describe('the options of the connection', () => {
  test.each([{ ca: 'no certificate' }, { lookup: 'dns' as never }, { idleMs: 0 }])('are checked: %j', (options) => {
    expect(() => new OpenAICompatible({ model: 'm', ...options })).toThrow(InvalidOptionError);
  });

  test('lookup decides where a name leads', async () => {
    const asked: string[] = [];
    const { server } = await serve((exchange) => exchange.reply(200, ANSWER));
    const lm = new OpenAICompatible({
      model: 'm',
      baseUrl: `http://pinned.invalid:${new URL(server.url).port}/v1`,
      proxy: false,
      lookup: (hostname, _options, callback) => {
        asked.push(hostname);
        process.nextTick(callback, null, [{ address: '127.0.0.1', family: 4 }]);
      },
    });
    open.push(() => lm.close());
    expect((await ask(lm)).completions[0]?.text).toBe('yes');
    expect(asked).toEqual(['pinned.invalid']);
  });
});
