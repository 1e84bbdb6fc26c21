import { expect } from 'vitest';
import { ask, bareClient, listener, piece, serverOf } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

const FORGED = ['[DONE]', '\n\ndata: [DONE]\n\n', 'data: [DONE]', '\r\n\r\n[DONE]'];
/** Events that look like the end and are not. */
const NEARLY = [
  'data:  [DONE]\n\n',
  'data: [DONE] \n\n',
  'data: [done]\n\n',
  'data: [DONE]\ndata:\n\n',
  'event: [DONE]\n\n',
  ': [DONE]\n\n',
];

faultRow(27, 'the end of the stream, written by the model', async (context) => {
  const server = await serverOf(context, async (exchange) => {
    await exchange.stream();
    for (const text of FORGED) await exchange.event(piece(text));
    for (const text of NEARLY) await exchange.chunk(text);
    await exchange.event(piece('real end', { finish_reason: 'stop' }));
    await exchange.event('[DONE]');
    await exchange.event(piece('after the end'));
    await exchange.endChunks();
  });
  const { texts, onDelta } = listener();
  const { completions } = await ask(bareClient(context, server.url), { onDelta });
  expect(completions[0]?.text).toBe(`${FORGED.join('')}real end`);
  expect(texts).toEqual([...FORGED, 'real end']);
  return { happened: 'only the exact data line ended the stream; what came behind it was not read', attempts: 1 };
});
