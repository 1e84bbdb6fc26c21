import { expect } from 'vitest';
import { ANSWER, ask, failureOf, listener, serverOf, triesThrice } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

for (const status of [301, 302, 303, 307, 308]) {
  faultRow(33, `${status} to another server`, async (context) => {
    const other = await serverOf(context, (exchange) => exchange.reply(200, ANSWER));
    const server = await serverOf(context, (exchange) =>
      exchange.reply(status, '', { location: `${other.url}/chat/completions` }),
    );
    const key = 'sk-canary-redirect-0001';
    const lm = triesThrice(context, server.url, { apiKey: key, headers: { 'x-team': 'canary-team-0001' } });
    for (const scope of [{}, listener()]) {
      const error = await failureOf(ask(lm, scope));
      expect(error.status).toBe(status);
      expect(error.message).toContain('Redirects are not followed');
      expect(error.message).not.toContain('canary');
      expect(error.attempts).toBe(1);
    }
    expect(server.requests).toHaveLength(2);
    expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${key}`);
    expect(other.connections).toBe(0);
    return { happened: 'an error; the other server heard nothing', attempts: '1 per call' };
  });
}
