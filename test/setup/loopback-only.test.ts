import dns from 'node:dns';
import { connect, type LookupFunction } from 'node:net';
import { OpenAICompatible } from 'dspex/clients';
import { startMockServer } from 'dspex/testing';
import { request } from 'undici';
import { expect, test } from 'vitest';
import { isLocal } from './loopback-only';

const failure = (work: () => Promise<unknown>) => work().then(String, String);

test.each([
  ['a socket', async () => connect(443, '192.0.2.1')],
  ['a socket by options', async () => connect({ port: 443, host: 'example.com' })],
  ['fetch', () => fetch('http://192.0.2.1/').catch((error) => Promise.reject(error.cause))],
  ['undici', () => request('https://192.0.2.1/')],
  [
    'a name that a look-up of its own leads there',
    () =>
      new Promise((_resolve, reject) => {
        const lookup: LookupFunction = (_host, _options, callback) =>
          callback(null, [{ address: '8.8.8.8', family: 4 }]);
        connect({ port: 443, host: 'x.invalid', lookup }).on('error', reject);
      }),
  ],
  ['a look-up', async () => dns.lookup('example.com', () => {})],
])('%s to another machine fails in a test', async (_name, work) => {
  expect(await failure(work)).toContain('loopback interface only');
});

test('a client of ours to another machine fails in a test', async () => {
  const lm = new OpenAICompatible({ model: 'm', baseUrl: 'http://192.0.2.1/v1' });
  const error = await failure(() => lm.generate(lm.createRequest([{ role: 'user', content: 'q' }])));
  expect(error).toContain('loopback interface only');
  await lm.close();
});

test('this machine can be reached by any of its names', async () => {
  const server = await startMockServer();
  const url = server.url.replace('127.0.0.1', 'localhost');
  const { statusCode, body } = await request(`${url}/models`);
  expect(statusCode).toBe(404);
  await body.dump();
  await server.close();
  expect(['localhost', '127.0.0.1', '::1', '::ffff:127.0.0.1', 'no-such-host.invalid'].map(isLocal)).toEqual(
    Array(5).fill(true),
  );
  expect(['10.0.0.1', 'localhost.example.com', '127.0.0.1.example.com', ''].map(isLocal)).toEqual(Array(4).fill(false));
});
