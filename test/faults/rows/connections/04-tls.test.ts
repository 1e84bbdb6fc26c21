import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { expect } from 'vitest';
import { LMTransportError } from '../../../../src/core/errors/lm-errors';
import { ask, failureOf, triesThrice } from '../../calls';
import { faultRow, type RowContext } from '../../matrix/fault-row';
import { startRawServer } from '../../raw-server';
import { AUTHORITY, EXPIRED, GOOD, SERVER_KEY, WRONG_HOST } from '../../tls/certificates';

/** A TLS server with this certificate. It counts connections, and what came through as plain text. */
async function tlsServer({ after }: RowContext, cert: string) {
  const seen = { connections: 0, requests: 0 };
  const server = createServer({ cert, key: SERVER_KEY }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', () => {
      seen.requests += 1;
      const body = '{"choices":[{"message":{"content":"yes"},"finish_reason":"stop"}]}';
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    });
  });
  server.on('connection', () => {
    seen.connections += 1;
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => new Promise((resolve) => server.close(resolve)));
  return { seen, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
}

const CASES: readonly (readonly [string, string, string | undefined, RegExp])[] = [
  ['expired certificate', EXPIRED, AUTHORITY, /^CERT_HAS_EXPIRED$/u],
  ['certificate of another host', WRONG_HOST, AUTHORITY, /^ERR_TLS_CERT_ALTNAME_INVALID$/u],
  ['certificate that nobody vouches for', GOOD, undefined, /^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/u],
];

for (const [title, certificate, ca, code] of CASES) {
  faultRow(4, title, async (context) => {
    const { seen, url } = await tlsServer(context, certificate);
    const lm = triesThrice(context, url, { apiKey: 'sk-canary-tls-0001', ...(ca === undefined ? {} : { ca }) });
    const error = await failureOf(ask(lm));
    expect(error).toBeInstanceOf(LMTransportError);
    expect(error.details.providerCode).toMatch(code);
    expect(error.attempts).toBe(1);
    expect(seen).toEqual({ connections: 1, requests: 0 });
    expect(error.message).not.toContain('sk-canary');
    return { happened: `LMTransportError (${error.details.providerCode}), no request was sent`, attempts: 1 };
  });
}

faultRow(4, 'server that speaks no TLS', async (context) => {
  const server = context.use(await startRawServer((socket) => socket.end('not tls at all')));
  const error = await failureOf(ask(triesThrice(context, server.url.replace('http:', 'https:'))));
  expect(error).toBeInstanceOf(LMTransportError);
  expect(error.attempts).toBe(1);
  expect(server.connections).toBe(1);
  return { happened: `LMTransportError (${error.details.providerCode}), never without TLS`, attempts: 1 };
});

faultRow(4, 'certificate of an authority that was named with the option ca', async (context) => {
  const { url } = await tlsServer(context, GOOD);
  const response = await ask(triesThrice(context, url, { ca: AUTHORITY }));
  expect(response.completions[0]?.text).toBe('yes');
  return { happened: 'answered', attempts: 1 };
});
