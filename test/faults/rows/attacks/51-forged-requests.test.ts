import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Audio, BlockedAddressError, DownloadError, File, Image, Predict, signature } from 'dspex';
import { OpenAICompatible } from 'dspex/clients';
import { startFaultServer, startMockServer } from 'dspex/testing';
import { expect } from 'vitest';
import { faultRow, type RowContext } from '../../matrix/fault-row';

/** Addresses that are not of the public internet, in every way of writing that a URL allows. */
const PRIVATE_HOSTS = [
  ...['127.0.0.1', '127.1', '127.255.255.254', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '017700000001'],
  ...['127.0.0.1.', '0', '0.0.0.0', '10.0.0.1', '10.255.255.255', '012.0.0.1', '172.16.0.1', '172.31.255.255'],
  ...['192.168.0.1', '192.168.255.255', '169.254.169.254', '0xa9fea9fe', '2852039166', '169.254.1.1', '100.64.0.1'],
  ...['100.127.255.255', '192.0.0.1', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.51.100.1', '203.0.113.1'],
  ...['224.0.0.1', '240.0.0.1', '255.255.255.255', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:a9fe:a9fe]'],
  ...['[::127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[2001::1]', '[2001:db8::1]', '[fc00::1]', '[fd00::1]'],
  ...['[fe80::1]', '[fec0::1]', '[ff02::1]', '[100::1]', '[3fff::1]'],
];
const NOT_FETCHED = [
  'file:///etc/hosts',
  'ftp://127.0.0.1/a',
  'gopher://127.0.0.1/',
  'data:,x',
  'javascript:1',
  '//127.0.0.1/a',
  '/etc/hosts',
];

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

faultRow(51, 'URLs of addresses inside', async () => {
  for (const host of PRIVATE_HOSTS) {
    for (const media of [Image, Audio, File]) {
      expect(await failureOf(media.fromUrl(`http://${host}:9/a.png`)), host).toBeInstanceOf(BlockedAddressError);
    }
  }
  for (const url of NOT_FETCHED) expect(await failureOf(Image.fromUrl(url)), url).toBeInstanceOf(DownloadError);
  return {
    happened: `${PRIVATE_HOSTS.length} hosts and ${NOT_FETCHED.length} other URLs refused before anything was sent`,
    attempts: 0,
  };
});

/** Answers look-ups of any name by these addresses, one list a look-up, the last one again and again. */
function resolver({ after }: RowContext, ...answers: readonly (readonly string[])[]) {
  const real = dns.lookup;
  let asked = 0;
  const put = (lookup: typeof dns.lookup) => {
    dns.lookup = lookup;
    syncBuiltinESMExports();
  };
  type Found = string | dns.LookupAddress[];
  const lookup = (
    _host: string,
    options: dns.LookupOptions,
    callback: (error: null, found: Found, family?: number) => void,
  ) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (options.all) callback(null, all);
    else callback(null, all[0]?.address ?? '', all[0]?.family);
  };
  put(Object.assign(lookup, real) as never);
  after(() => put(real));
  return { asked: () => asked };
}

faultRow(51, 'a name whose addresses are inside, all of them or one', async (row) => {
  const server = row.use(await startFaultServer((exchange) => exchange.reply(200, 'secret')));
  const url = `${server.url.replace('127.0.0.1', 'pictures.example')}/a.png`;
  for (const addresses of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::1'], ['::ffff:127.0.0.1', '8.8.8.8']]) {
    resolver(row, addresses);
    expect(await failureOf(Image.fromUrl(url)), String(addresses)).toBeInstanceOf(BlockedAddressError);
  }
  expect(server.connections).toBe(0);
  return { happened: '4 names refused after the look-up, before the connection', attempts: 0 };
});

faultRow(51, 'a name that changes between the check and the connection', async (row) => {
  const server = row.use(
    await startFaultServer((exchange) => exchange.reply(200, 'secret', { 'content-type': 'image/png' })),
  );
  const dnsServer = resolver(row, ['8.8.8.8'], ['127.0.0.1']);
  const url = `${server.url.replace('127.0.0.1', 'rebinding.example')}/a.png`;
  // The tests' own guard stops the connection to the public address: what matters is that this one was meant.
  const failure = (await failureOf(Image.fromUrl(url, { timeoutMs: 2_000 }))) as Error & {
    cause?: { cause?: unknown };
  };
  expect(failure).toBeInstanceOf(DownloadError);
  expect(String(failure.cause?.cause)).toContain('8.8.8.8');
  expect(dnsServer.asked()).toBe(1);
  expect(server.connections).toBe(0);
  return { happened: 'one look-up; the connection went to the address that was checked', attempts: 0 };
});

faultRow(51, 'redirects to addresses inside', async (row) => {
  const inside = row.use(await startMockServer());
  for (const status of [301, 302, 303, 307, 308]) {
    const server = row.use(
      await startFaultServer((exchange) => exchange.reply(status, '', { location: `${inside.url}/secret` })),
    );
    expect(await failureOf(Image.fromUrl(`${server.url}/a.png`, { allowPrivate: true }))).toBeInstanceOf(DownloadError);
  }
  expect(inside.requests).toHaveLength(0);
  return { happened: '5 redirects to another origin not followed', attempts: '1 each' };
});

faultRow(51, 'URLs and paths in the answer of a model', async (row) => {
  const inside = row.use(await startFaultServer((exchange) => exchange.reply(200, 'secret')));
  const targets = [`${inside.url}/secret.png`, 'file:///etc/hosts', '/etc/hosts', '../../../etc/passwd'];
  const server = row.use(
    await startMockServer({
      respond: (_body, index) =>
        `[[ ## picture ## ]]\n${targets[index % targets.length]}\n\n[[ ## note ## ]]\n{"$ref": "${inside.url}/schema"}\n\n[[ ## completed ## ]]`,
    }),
  );
  const lm = row.use(new OpenAICompatible({ model: 'm', baseUrl: server.url }));
  const spec = signature({ inputs: { q: String }, outputs: { picture: { type: Image }, note: String } });
  const text = signature('q -> picture, note');
  for (let turn = 0; turn < targets.length; turn += 1) {
    await failureOf(new Predict(spec).call({ q: String(turn) }, { lm } as never));
    const answer = await new Predict(text).call({ q: `text ${turn}` }, { lm } as never);
    expect(JSON.stringify(answer)).not.toContain('root:');
  }
  expect(inside.connections).toBe(0);
  return {
    happened: `${2 * targets.length} answers read; nothing was fetched and no file was read`,
    attempts: server.requests.length,
  };
});
