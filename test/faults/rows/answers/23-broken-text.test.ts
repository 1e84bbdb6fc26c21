import type { FaultExchange } from 'dspex/testing';
import fc from 'fast-check';
import { expect } from 'vitest';
import { ask, bareClient, listener, serverOf } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

/** A JSON string's inside: whole and broken UTF-8, a NUL, lone surrogates (escaped, and as bytes). */
const CONTENT = Buffer.concat([
  Buffer.from('a\u00e9\u20ac\u{1F600}\\u0000\\ud800\\udc00\\udfff'),
  Buffer.from([0xff, 0xe2, 0x82, 0xed, 0xa0, 0x80, 0xc3]),
  Buffer.from('z'),
]);
const READ = `a\u00e9\u20ac\u{1F600}\0\ud800\udc00\udfff\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdz`;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const BODY = Buffer.concat([
  MARK,
  Buffer.from('{"choices":[{"message":{"content":"'),
  CONTENT,
  Buffer.from('"},"finish_reason":"stop"}]}'),
]);
const STREAM = Buffer.concat([
  MARK,
  Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"'),
  CONTENT,
  Buffer.from('"},"finish_reason":"stop"}]}\r\n\r\ndata: [DONE]\r\n\r\n'),
]);

async function inParts(exchange: FaultExchange, bytes: Buffer, cuts: readonly number[]): Promise<void> {
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    await exchange.chunk(bytes.subarray(at, Math.max(at, cut)));
    at = Math.max(at, cut);
    await new Promise(setImmediate);
  }
  await exchange.endChunks();
}

for (const [title, bytes, streaming] of [
  ['whole answer', BODY, false],
  ['stream', STREAM, true],
] as const) {
  faultRow(23, `broken text in a ${title}, cut anywhere`, async (context) => {
    let cuts: readonly number[] = [];
    const server = await serverOf(context, async (exchange) => {
      const type = streaming ? 'text/event-stream' : 'application/json';
      await exchange.head(200, { 'content-type': type, 'transfer-encoding': 'chunked' });
      await inParts(exchange, bytes, cuts);
    });
    const lm = bareClient(context, server.url);
    const places = fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { minLength: 0, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(places, async (given) => {
        cuts = [...given].sort((a, b) => a - b);
        const { completions } = await ask(lm, streaming ? listener() : {});
        expect(completions[0]?.text).toBe(READ);
      }),
      { numRuns: 60 },
    );
    expect(server.scriptErrors).toEqual([]);
    return { happened: 'read with replacement characters, the same for 60 ways of cutting it', attempts: '1 per call' };
  });
}
