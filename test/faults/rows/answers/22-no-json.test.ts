import { expect } from 'vitest';
import { LMInvalidResponseError } from '../../../../src/core/errors/lm-errors';
import { ask, failureOf, listener, serverOf, triesThrice } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

const SECRET = 'sk-canary-html-0001';
const HTML = `<html>\n<body>Welcome ${SECRET} to the gateway ${'x'.repeat(1000)}</body></html>`;

const BODIES: readonly (readonly [string, string, string])[] = [
  ['an HTML page', HTML, 'text/html'],
  ['nothing', '', 'application/json'],
  ['JSON that is no object', '[1, 2]', 'application/json'],
  ['JSON nested a thousand deep', '['.repeat(1000) + ']'.repeat(1000), 'application/json'],
  ['a number as choices', '{"choices": 7}', 'application/json'],
];

for (const [what, body, type] of BODIES) {
  faultRow(22, `200 with ${what}`, async (context) => {
    const server = await serverOf(context, (exchange) => exchange.reply(200, body, { 'content-type': type }));
    const lm = triesThrice(context, server.url, { apiKey: SECRET });
    const { texts, onDelta } = listener();
    for (const scope of [{}, { onDelta }]) {
      const error = await failureOf(ask(lm, scope));
      expect(error).toBeInstanceOf(LMInvalidResponseError);
      expect(error.attempts).toBe(3);
      expect(error.message).not.toContain(SECRET);
      expect(error.message.length).toBeLessThan(350);
    }
    expect(texts).toEqual([]);
    expect(server.requests).toHaveLength(6);
    return { happened: 'LMInvalidResponseError with a short excerpt, the key redacted', attempts: 3 };
  });
}
