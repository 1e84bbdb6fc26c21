import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { inspect } from 'node:util';
import { OpenAICompatible } from 'dspex/clients';
import { startFaultServer } from 'dspex/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { InvalidOptionError } from '../../../../src/core/errors/option-errors';
import { proxyFor } from '../../../../src/lm/clients/http/proxy';
import { ANSWER, ask, failureOf } from '../../../faults/calls';

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  vi.unstubAllEnvs();
});

/** A proxy that opens tunnels, counts them, and keeps what it was told of who asks. */
async function startProxy(refuse?: number) {
  const seen: { tunnels: string[]; authorization: (string | undefined)[] } = { tunnels: [], authorization: [] };
  const server: Server = createServer();
  server.on('connect', (request, client, head) => {
    seen.tunnels.push(request.url ?? '');
    seen.authorization.push(request.headers['proxy-authorization']);
    if (refuse !== undefined) {
      client.end(`HTTP/1.1 ${refuse} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client);
      client.pipe(upstream);
    });
    for (const socket of [upstream, client]) socket.on('error', () => {});
    client.on('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, url: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function serve() {
  const server = await startFaultServer((exchange) => exchange.reply(200, ANSWER));
  open.push(() => server.close());
  return server;
}

function clientOf(baseUrl: string, options: object = {}) {
  const lm = new OpenAICompatible({ model: 'm', baseUrl, ...options });
  open.push(() => lm.close());
  return lm;
}

describe('a proxy that was given', () => {
  test('carries the calls, with the credentials of its URL', async () => {
    const proxy = await startProxy();
    const server = await serve();
    const lm = clientOf(server.url, { proxy: `http://user:canary-password@${proxy.url}` });
    expect((await ask(lm)).completions[0]?.text).toBe('yes');
    expect(proxy.seen.tunnels).toEqual([new URL(server.url).host]);
    const told = Buffer.from(`user:canary-password`).toString('base64');
    expect(proxy.seen.authorization).toEqual([`Basic ${told}`]);
    expect(server.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  test('that refuses is a typed error without its password', async () => {
    const proxy = await startProxy(407);
    const lm = clientOf((await serve()).url, { proxy: `http://user:canary-password@${proxy.url}` });
    const error = await failureOf(ask(lm));
    expect(error.code).toBe('LM_TRANSPORT');
    const shown = inspect(error, { depth: 12, showHidden: true });
    expect(shown).toContain('407');
    expect(shown).not.toContain('canary');
    expect(shown).not.toContain(Buffer.from('user:canary-password').toString('base64'));
  });

  test('is not told who asks by a header: that is refused, and nothing of it is left behind', async () => {
    const proxy = await startProxy();
    const lm = clientOf((await serve()).url, {
      proxy: `http://${proxy.url}`,
      headers: { 'Proxy-Authorization': 'Basic canary' },
    });
    const error = await failureOf(ask(lm));
    expect(error).toMatchObject({ code: 'LM_INVALID_REQUEST' });
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain('canary');
    expect(lm.stats()).toMatchObject({ inFlight: 0, requests: 1 });
    expect(proxy.seen.tunnels).toEqual([]);
  });

  test.each(['nonsense', 'ftp://127.0.0.1', 7])(
    'must be a URL of HTTP, which %j is not; it is not repeated',
    (proxy) => {
      const make = () => new OpenAICompatible({ model: 'm', proxy: proxy as string });
      expect(make).toThrow(InvalidOptionError);
      expect(make).not.toThrow(String(proxy));
    },
  );
});

describe('the proxy of the environment', () => {
  const env = (values: Record<string, string>) => {
    for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) {
      vi.stubEnv(name, values[name] ?? '');
    }
  };

  test('is used by scheme', () => {
    env({ HTTPS_PROXY: 'http://secure:1', http_proxy: 'http://plain:2' });
    expect(proxyFor('https://api.example', undefined)).toBe('http://secure:1');
    expect(proxyFor('http://api.example', undefined)).toBe('http://plain:2');
  });

  test('is not used for this machine, nor where it was declined', () => {
    env({ HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://p:1' });
    for (const host of ['localhost:8000', '127.0.0.1:11434', '[::1]:1', 'a.localhost']) {
      expect(proxyFor(`http://${host}`, undefined)).toBeUndefined();
    }
    expect(proxyFor('https://api.example', false)).toBeUndefined();
  });

  test.each([
    ['*', true],
    ['api.example', true],
    ['example', true],
    ['.example', true],
    ['*.example', true],
    ['other.test, api.example:443', true],
    ['api.example:8443', false],
    ['pi.example', false],
    ['api.example.org', false],
  ])('has exceptions: %s', (list, direct) => {
    env({ HTTPS_PROXY: 'http://p:1', NO_PROXY: list });
    expect(proxyFor('https://api.example', undefined)).toBe(direct ? undefined : 'http://p:1');
  });

  test('is left alone when it is no URL', () => {
    env({ HTTPS_PROXY: 'nonsense' });
    expect(proxyFor('https://api.example', undefined)).toBeUndefined();
  });

  test('does not come between us and a server on this machine', async () => {
    const proxy = await startProxy();
    env({ HTTP_PROXY: `http://${proxy.url}` });
    await ask(clientOf((await serve()).url));
    expect(proxy.seen.tunnels).toEqual([]);
  });
});
