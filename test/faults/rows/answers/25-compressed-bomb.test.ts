import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { LMInvalidResponseError } from '../../../../src/core/errors/lm-errors';
import { ANSWER, ask, bareClient, failureOf, listener, piece, serverOf, triesThrice } from '../../calls';
import { faultRow } from '../../matrix/fault-row';
import { peakGrowth } from '../../resident-memory';

const MIB = 1024 * 1024;
const PACKERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync } as const;

for (const [encoding, pack] of Object.entries(PACKERS)) {
  faultRow(25, `64 MiB packed with ${encoding}`, async (context) => {
    const bomb = pack(Buffer.alloc(64 * MIB, 0x20));
    const server = await serverOf(context, async (exchange) => {
      const type = exchange.request.body.includes('"stream"') ? 'text/event-stream' : 'application/json';
      await exchange.head(200, {
        'content-type': type,
        'content-encoding': encoding,
        'content-length': String(bomb.length),
      });
      await exchange.write(bomb);
    });
    const lm = triesThrice(context, server.url, { maxResponseBytes: MIB });
    const grown = peakGrowth();
    const whole = await failureOf(ask(lm));
    const stream = await failureOf(ask(lm, listener()));
    expect(grown()).toBeLessThan(32 * MIB);
    for (const error of [whole, stream]) {
      expect(error).toBeInstanceOf(LMInvalidResponseError);
      expect(error.message).toContain(`longer than ${MIB} bytes`);
      expect(error.attempts).toBe(1);
    }
    expect(server.requests).toHaveLength(2);
    const happened = `LMInvalidResponseError at 1 MiB, of ${Math.ceil(bomb.length / 1024)} KiB on the wire`;
    return { happened, attempts: '1 per call' };
  });

  faultRow(25, `an honest answer packed with ${encoding}, though nobody asked for it`, async (context) => {
    const events = `data: ${JSON.stringify(piece('yes', { finish_reason: 'stop' }))}\n\ndata: [DONE]\n\n`;
    const server = await serverOf(context, async (exchange) => {
      const streaming = exchange.request.body.includes('"stream"');
      const body = pack(streaming ? events : JSON.stringify(ANSWER));
      await exchange.head(200, {
        'content-type': streaming ? 'text/event-stream' : 'application/json',
        'content-encoding': encoding,
        'content-length': String(body.length),
      });
      await exchange.write(body);
    });
    const lm = bareClient(context, server.url);
    expect((await ask(lm)).completions[0]?.text).toBe('yes');
    const { texts, onDelta } = listener();
    await ask(lm, { onDelta });
    expect(texts).toEqual(['yes']);
    return { happened: 'read, whole and as a stream', attempts: '1 per call' };
  });
}

for (const [encoding, body] of [
  ['gzip', 'not packed at all'],
  ['br', 'not packed at all'],
  ['zebra', '{}'],
] as const) {
  faultRow(25, `answer that says ${encoding} and is not`, async (context) => {
    const server = await serverOf(context, (exchange) => exchange.reply(200, body, { 'content-encoding': encoding }));
    const error = await failureOf(ask(triesThrice(context, server.url)));
    expect(error).toBeInstanceOf(LMInvalidResponseError);
    expect(error.attempts).toBe(3);
    return { happened: 'LMInvalidResponseError', attempts: error.attempts };
  });
}
