import fc from 'fast-check';
import { expect } from 'vitest';
import { LMInvalidResponseError } from '../../../../src/core/errors/lm-errors';
import { ask, bareClient, failureOf, listener, piece, serverOf } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

const END = `data: ${JSON.stringify(piece('', { finish_reason: 'stop' }))}\n\ndata: [DONE]\n\n`;
const event = (text: string, id?: string) =>
  `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(piece(text))}\n\n`;

faultRow(26, 'events that are sent again under their id', async (context) => {
  const server = await serverOf(context, async (exchange) => {
    await exchange.stream();
    for (const [text, id] of [
      ['a', '1'],
      ['b', '2'],
      ['b', '2'],
      ['c', '3'],
      ['b', '2'],
      ['c', '4'],
    ] as const) {
      await exchange.chunk(event(text, id));
    }
    await exchange.chunk(END);
    await exchange.endChunks();
  });
  const { texts, onDelta } = listener();
  const response = await ask(bareClient(context, server.url), { onDelta });
  expect(texts).toEqual(['a', 'b', 'c', 'c']);
  expect(response.completions[0]?.text).toBe('abcc');
  return { happened: 'each told once; the same text under a new id is a new piece', attempts: 1 };
});

faultRow(26, 'events that all have one id', async (context) => {
  const server = await serverOf(context, async (exchange) => {
    await exchange.stream();
    for (const text of ['ha', 'ha', 'ha']) await exchange.chunk(event(text, 'x'));
    await exchange.chunk(END);
    await exchange.endChunks();
  });
  const response = await ask(bareClient(context, server.url), listener());
  expect(response.completions[0]?.text).toBe('hahaha');
  return { happened: 'none is taken for a repetition', attempts: 1 };
});

const STRANGE = [
  ': a comment\n\n',
  'event: ping\ndata: {}\n\n',
  'event: made.up\ndata: {"type":"made.up","delta":"x"}\n\n',
  'data: not json\n\n',
  'data: [1,2,3]\n\n',
  'data: null\n\n',
  'data: {"choices":"none"}\n\n',
  'data: {"choices":[null,7,{"delta":null},{"delta":{"content":null,"tool_calls":7}}]}\n\n',
  'data: {"__proto__":{"polluted":true},"choices":[{"index":0,"delta":{"constructor":{"prototype":{"polluted":true}}}}]}\n\n',
  'retry: 1\n\n',
  'unknown field\n\n',
];

faultRow(26, 'events of unknown kinds anywhere in the stream', async (context) => {
  let body = '';
  const server = await serverOf(context, async (exchange) => {
    await exchange.stream();
    await exchange.chunk(body);
    await exchange.endChunks();
  });
  const lm = bareClient(context, server.url);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(3), fc.constantFrom(...STRANGE)), { maxLength: 12 }), async (extra) => {
      const known = [event('a'), event('b'), event('c'), END];
      body = known
        .map((text, place) => extra.flatMap(([at, odd]) => (at === place ? [odd] : [])).join('') + text)
        .join('');
      const { texts, onDelta } = listener();
      const { completions } = await ask(lm, { onDelta });
      expect(completions[0]?.text).toBe('abc');
      expect(texts).toEqual(['a', 'b', 'c']);
    }),
    { numRuns: 60 },
  );
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  return { happened: 'skipped, in 60 mixtures', attempts: '1 per call' };
});

faultRow(26, 'completions and tool calls out of order', async (context) => {
  const call = (index: number, name: string) => ({
    choices: [{ index: 1, delta: { tool_calls: [{ index, id: name, function: { name, arguments: '{}' } }] } }],
  });
  const server = await serverOf(context, async (exchange) => {
    await exchange.stream();
    await exchange.event(call(1, 'second'));
    await exchange.event(call(0, 'first'));
    await exchange.event(piece('text'));
    await exchange.event({ choices: [{ index: 1, delta: {}, finish_reason: 'tool_calls' }] });
    await exchange.chunk(END);
    await exchange.endChunks();
  });
  const { completions } = await ask(bareClient(context, server.url), listener());
  expect(completions.map(({ text }) => text)).toEqual(['text', '']);
  expect(completions[1]?.toolCalls?.map(({ name }) => name)).toEqual(['first', 'second']);
  return { happened: 'put in the order of their indices', attempts: 1 };
});

faultRow(26, 'an index of a billion', async (context) => {
  const server = await serverOf(context, async (exchange) => {
    await exchange.stream();
    await exchange.event({ choices: [{ index: 1e9, delta: { content: 'x' } }] });
    await exchange.pause(10_000);
  });
  const error = await failureOf(ask(bareClient(context, server.url), listener()));
  expect(error).toBeInstanceOf(LMInvalidResponseError);
  await expect.poll(() => server.open).toBe(0);
  return { happened: 'LMInvalidResponseError, no list of a billion', attempts: 1 };
});
