import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LMInvalidResponseError } from '../../../../src/core/errors/lm-errors';
import { EventDecoder } from '../../../../src/lm/clients/sse/event-decoder';
import { wholeTextEvents } from './whole-text-events';

const bytesOf = (text: string) => Buffer.from(text, 'utf8');

function decode(chunks: Iterable<Uint8Array>, maxEventBytes?: number) {
  const decoder = new EventDecoder(maxEventBytes === undefined ? {} : { maxEventBytes });
  const events: { event: string; data: string; id: string }[] = [];
  try {
    for (const chunk of chunks) for (const { event, data, id } of decoder.push(chunk)) events.push({ event, data, id });
  } catch (error) {
    return { events, error: (error as Error).message };
  }
  return { events };
}

const eventsOf = (text: string) => decode([bytesOf(text)]).events;
const dataOf = (text: string) => eventsOf(text).map(({ data }) => data);

function* splitAt(bytes: Buffer, cuts: readonly number[]): Generator<Uint8Array> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let at = 0;
  for (const place of [...places, bytes.length]) {
    // A copy each: nothing may depend on what lies beside a chunk.
    yield Uint8Array.from(bytes.subarray(at, place));
    at = place;
  }
}

/** Streams as they might be, and as they should not be. */
const pieces = fc.oneof(
  fc.constantFrom(
    'data: a\n',
    'data:b\r\n',
    'data\r',
    ':c\n',
    'event: e\n',
    'id: 1\n',
    'id: \0x\n',
    'retry: 5\n',
    '\n',
    '\r',
  ),
  fc.constantFrom(
    '\r\n',
    '\r\n\r\n',
    '\uFEFF',
    'data: \u00e9\u20ac\u{1F600}\n',
    'data:  two\n',
    'other: x\n',
    'data: [DONE]\n\n',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const streams = fc
  .array(fc.oneof({ weight: 6, arbitrary: pieces.map(bytesOf) }, fc.uint8Array({ maxLength: 4 }).map(Buffer.from)), {
    maxLength: 30,
  })
  .map((parts) => Buffer.concat(parts));
const cuts = fc.array(fc.nat(400), { maxLength: 40 });

describe('events out of bytes', () => {
  test('any split gives the same events, and those of the whole text', () => {
    fc.assert(
      fc.property(streams, cuts, (bytes, places) => {
        const whole = decode([bytes]);
        expect(decode(splitAt(bytes, places))).toEqual(whole);
        expect(whole.events).toEqual(wholeTextEvents(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  test('one byte at a time gives the same events', () => {
    fc.assert(
      fc.property(streams, (bytes) => {
        expect(decode([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(decode([bytes]));
      }),
      { numRuns: 500 },
    );
  });

  test('the bound on an event is the same for any split, and what came before it is told', () => {
    fc.assert(
      fc.property(streams, cuts, fc.integer({ min: 1, max: 30 }), (bytes, places, limit) => {
        expect(decode(splitAt(bytes, places), limit)).toEqual(decode([bytes], limit));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['LF', '\n'],
    ['CR', '\r'],
    ['CRLF', '\r\n'],
  ])('lines end in %s', (_, end) => {
    expect(dataOf(`data: a${end}data: b${end}${end}data: c${end}${end}`)).toEqual(['a\nb', 'c']);
  });

  test('a CRLF may be split between two chunks', () => {
    expect(
      decode(['data: a\r', '\n\r', '\ndata: b\r', '\n', '\r\n'].map(bytesOf)).events.map(({ data }) => data),
    ).toEqual(['a', 'b']);
  });

  test('a character may be split anywhere', () => {
    const bytes = bytesOf('data: \u{1F600}\n\n');
    for (let place = 0; place <= bytes.length; place++) {
      expect(decode(splitAt(bytes, [place])).events).toEqual([{ event: 'message', data: '\u{1F600}', id: '' }]);
    }
  });

  test('bytes that are no UTF-8 become U+FFFD', () => {
    const bytes = Buffer.concat([bytesOf('data: a'), Buffer.from([0xff, 0xe2, 0x82]), bytesOf('b\n\n')]);
    expect(decode([bytes]).events[0]?.data).toBe('a\ufffd\ufffdb');
  });

  test('a byte order mark is left out at the beginning only', () => {
    expect(dataOf('\uFEFFdata: a\n\ndata: \uFEFFb\n\n')).toEqual(['a', '\uFEFFb']);
  });

  test('comments, unknown fields and events without data are nothing', () => {
    expect(dataOf(': ping\n\nfoo: x\n\nevent: e\n\nretry: 10\n\ndata: a\n\n')).toEqual(['a']);
  });

  test('one space behind the colon is no part of the value', () => {
    expect(dataOf('data:a\n\ndata: a\n\ndata:  a\n\ndata\n\n')).toEqual(['a', 'a', ' a', '']);
  });

  test('name and id belong to their event; the id lasts, and with a NUL it is none', () => {
    expect(eventsOf('event: x\nid: 7\ndata: a\n\ndata: b\n\nid: 8\0\ndata: c\n\n')).toEqual([
      { event: 'x', data: 'a', id: '7' },
      { event: 'message', data: 'b', id: '7' },
      { event: 'message', data: 'c', id: '7' },
    ]);
  });

  test('an event tells whether it brought its id', () => {
    const events = [...new EventDecoder().push(bytesOf('id: 7\ndata: a\n\ndata: b\n\n'))];
    expect(events.map(({ ownId }) => ownId)).toEqual([true, false]);
  });

  test('what lacks its blank line at the end is no event', () => {
    expect(dataOf('data: a\n\ndata: b\n')).toEqual(['a']);
  });

  test('names such as __proto__ are names', () => {
    const [event] = eventsOf('event: __proto__\n__proto__: x\ndata: a\n\n');
    expect(event?.event).toBe('__proto__');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('nothing is decoded before it is asked for', () => {
    const decoder = new EventDecoder({ maxEventBytes: 10 });
    const events = decoder.push(bytesOf(`data: a\n\ndata: ${'x'.repeat(20)}\n\n`));
    expect(events.next().value).toMatchObject({ data: 'a' });
    expect(() => events.next()).toThrow(LMInvalidResponseError);
  });

  test('an event without end is given up at the bound', () => {
    const decoder = new EventDecoder();
    const part = Buffer.alloc(1024 * 1024, 0x78);
    const feed = () => {
      for (let mib = 0; mib < 20; mib++) for (const _ of decoder.push(part)) expect.unreachable();
    };
    expect(feed).toThrow('An event of the stream is longer than 16777216 bytes.');
  });

  test('bytes that come one by one are copied a bounded number of times', () => {
    let copied = 0;
    const copy = Buffer.prototype.copy;
    const size = 64 * 1024;
    const bytes = bytesOf(`data: ${'x'.repeat(size)}\n\n`);
    try {
      Buffer.prototype.copy = function (this: Buffer, ...args: Parameters<Buffer['copy']>) {
        const count = copy.apply(this, args);
        copied += count;
        return count;
      };
      const { events } = decode(
        (function* () {
          for (const byte of bytes) yield Uint8Array.of(byte);
        })(),
      );
      expect(events[0]?.data.length).toBe(size);
    } finally {
      Buffer.prototype.copy = copy;
    }
    expect(copied).toBeLessThan(4 * size);
  });
});
