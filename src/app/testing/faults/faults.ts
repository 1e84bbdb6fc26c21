import { createGzip } from 'node:zlib';
import type { FaultExchange, FaultScript } from '../fault-server';

const HTML = '<!DOCTYPE html><html><head><title>502</title></head><body>Bad gateway</body></html>';
const HEAD = 'HTTP/1.1 200 Mock\r\ncontent-type: application/json\r\n';
const MIB = 1024 * 1024;

/** Sends the data of events, one chunk each. */
async function sendEvents(exchange: FaultExchange, events: readonly string[]): Promise<void> {
  await exchange.stream();
  for (const event of events) await exchange.event(event);
}

/**
 * Ready-made faults for `startFaultServer`: each function gives a script that does one thing wrong, the same with every request. Use
 * `faults.inTurn` for several, one a request.
 */
export const faults = Object.freeze({
  /** The scripts in turn, one a request; the last one repeats. */
  inTurn:
    (first: FaultScript, ...rest: readonly FaultScript[]): FaultScript =>
    (exchange, index) =>
      ([first, ...rest][Math.min(index, rest.length)] ?? first)(exchange, index),

  /** A proper answer: this body, or this text in its place. */
  answer:
    (body: unknown, headers: Readonly<Record<string, string>> = {}): FaultScript =>
    (exchange) =>
      exchange.reply(200, body, headers),

  /** A proper stream of these events. */
  events:
    (events: readonly string[]): FaultScript =>
    async (exchange) => {
      await sendEvents(exchange, events);
      await exchange.endChunks();
    },

  /** A status with headers; without a body, an error in OpenAI's shape. */
  status:
    (status: number, headers: Readonly<Record<string, string>> = {}, body?: unknown): FaultScript =>
    (exchange) =>
      exchange.reply(status, body ?? { error: { message: `mock status ${status}`, code: null } }, headers),

  /** Cuts the connection in place of an answer. */
  reset: (): FaultScript => (exchange) => exchange.reset(),

  /** Never answers. */
  silence: (): FaultScript => () => {},

  /** Sends the head one character at a time, this many milliseconds apart, for ever. */
  slowHead:
    (everyMs = 20): FaultScript =>
    async (exchange) => {
      for (const character of 'HTTP/1.1 200 Mock\r\nx-slow: ') {
        await exchange.write(character);
        await exchange.pause(everyMs);
      }
      for (;;) {
        await exchange.write('x');
        await exchange.pause(everyMs);
      }
    },

  /** Announces the whole body, sends this many bytes of it, and cuts the connection: by a reset, or in order. */
  cutBody:
    (body: unknown, bytes: number, how: 'reset' | 'end' = 'reset'): FaultScript =>
    async (exchange) => {
      const whole = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      await exchange.write(`${HEAD}content-length: ${whole.length}\r\n\r\n`);
      await exchange.write(whole.subarray(0, bytes));
      exchange[how]();
    },

  /** A body that is whole to HTTP and broken as JSON: only this many of its characters. */
  truncatedJson:
    (body: unknown, characters: number): FaultScript =>
    (exchange) =>
      exchange.reply(200, JSON.stringify(body).slice(0, characters)),

  /** Success, with a page for people. */
  html: (): FaultScript => (exchange) => exchange.reply(200, HTML, { 'content-type': 'text/html' }),

  /** Success, with nothing. */
  empty: (): FaultScript => (exchange) => exchange.reply(200, ''),

  /** Bytes as the body, whatever they are: broken UTF-8, a byte order mark, NUL. */
  bytes:
    (body: Uint8Array): FaultScript =>
    async (exchange) => {
      await exchange.write(`${HEAD}content-length: ${body.length}\r\n\r\n`);
      await exchange.write(body);
    },

  /** A body without end, as fast as it is read. */
  endless: (): FaultScript => async (exchange) => {
    const part = ' '.repeat(64 * 1024);
    await exchange.head(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    for (;;) await exchange.chunk(part);
  },

  /** A body of blanks that is short on the wire and this long, in bytes, once it is unpacked; default 64 MiB. */
  gzipBomb:
    (unpackedBytes = 64 * MIB): FaultScript =>
    async (exchange) => {
      await exchange.head(200, {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'transfer-encoding': 'chunked',
      });
      const gzip = createGzip();
      const blanks = Buffer.alloc(MIB, 0x20);
      const fill = async () => {
        for (let left = unpackedBytes; left > 0; left -= MIB) {
          if (!gzip.write(blanks.subarray(0, Math.min(left, MIB))))
            await new Promise((resolve) => gzip.once('drain', resolve));
        }
        gzip.end();
      };
      try {
        const filled = fill();
        for await (const packed of gzip) await exchange.chunk(packed as Buffer);
        await filled;
        await exchange.endChunks();
      } finally {
        gzip.destroy();
      }
    },

  /** Sends the first events of a stream and cuts the connection: by a reset, or by an end that HTTP does not allow yet. */
  cutStream:
    (events: readonly string[], after: number, how: 'reset' | 'end' = 'reset'): FaultScript =>
    async (exchange) => {
      await sendEvents(exchange, events.slice(0, after));
      // A reset throws away what the system has not sent yet.
      await exchange.pause(20);
      exchange[how]();
    },

  /** Sends the first events of a stream and then nothing, with the connection open. */
  stalledStream:
    (events: readonly string[], after: number): FaultScript =>
    (exchange) =>
      sendEvents(exchange, events.slice(0, after)),

  /** Sends the first events of a stream, and an error in place of the next. */
  errorInStream:
    (events: readonly string[], after: number, error: object): FaultScript =>
    async (exchange) => {
      await sendEvents(exchange, [...events.slice(0, after), JSON.stringify({ error })]);
      await exchange.endChunks();
    },

  /** A stream with comments, events of unknown names and data that is none of the protocol's between its own. */
  noisyStream:
    (events: readonly string[]): FaultScript =>
    async (exchange) => {
      await exchange.stream();
      for (const event of events) {
        await exchange.chunk(': keep-alive\n\nretry: 10\n\nid: 7\n\n');
        await exchange.event('a party', 'celebration');
        await exchange.event(event);
      }
      await exchange.endChunks();
    },

  /** Leads to another URL. */
  redirect:
    (url: string, status = 307): FaultScript =>
    (exchange) =>
      exchange.reply(status, '', { location: url }),
});
