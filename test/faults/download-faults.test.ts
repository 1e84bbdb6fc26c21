import { Audio, BlockedAddressError, DownloadError, type Downloaded, Downloader, File, Image, MediaError } from 'dspex';
import { startMockServer } from 'dspex/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { UnknownOptionError } from '../../src/core/errors/option-errors';
import { isPublicAddress, publicLookup } from '../../src/lm/clients/downloads/public-address';
import { closedPort, startRawServer } from './raw-server';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

/** A server that answers with these texts, one a connection, and keeps what it was asked. */
async function serverOf(...answers: string[]) {
  const asked: string[] = [];
  const server = await startRawServer((socket, index) => {
    socket.once('data', (data) => {
      asked.push(String(data));
      socket.end(answers[Math.min(index, answers.length - 1)] as string);
    });
  });
  open.push(server);
  return { at: (path: string) => server.url.replace('/v1', path), asked, server };
}

const answer = (head: string, body = 'xyz') =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\nconnection: close\r\n${head}\r\n\r\n${body}`;
const redirect = (location: string) =>
  `HTTP/1.1 302 Found\r\nlocation: ${location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`;
const LOCAL = { allowPrivate: true };
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('what is downloaded', () => {
  test('is what its header says, whatever the URL ends in', async () => {
    const { at, asked } = await serverOf(answer('content-type: Image/PNG; charset=x'));
    expect((await Image.fromUrl(at('/a.jpg?size=1'), LOCAL)).url).toBe('data:image/png;base64,eHl6');
    expect(asked[0]).toMatch(/^GET \/a\.jpg\?size=1 HTTP\/1\.1/u);
  });

  test('is what its path ends in when the header says nothing', async () => {
    const { at } = await serverOf(answer('x-none: 1'), answer('content-type: application/octet-stream'));
    expect((await Image.fromUrl(at('/a.gif'), LOCAL)).url).toMatch(/^data:image\/gif;/u);
    expect((await Audio.fromUrl(at('/a.wav'), LOCAL)).audioFormat).toBe('wav');
  });

  test('an x- in the format of a sound is dropped', async () => {
    const { at } = await serverOf(answer('content-type: audio/x-wav'));
    expect(await Audio.fromUrl(at('/sound'), LOCAL)).toEqual(new Audio({ data: 'eHl6', audioFormat: 'wav' }));
  });

  test('a file keeps its name and its type', async () => {
    const { at } = await serverOf(answer('content-type: application/pdf'));
    const file = await File.fromUrl(at('/papers/my%20paper.pdf'), LOCAL);
    expect(file).toEqual(new File({ fileData: 'data:application/pdf;base64,eHl6', filename: 'my paper.pdf' }));
  });

  test('must be an image for an Image and a sound for an Audio', async () => {
    const { at } = await serverOf(answer('content-type: text/html'));
    expect(await failureOf(Image.fromUrl(at('/a.png'), LOCAL))).toBeInstanceOf(MediaError);
    expect(await failureOf(Audio.fromUrl(at('/a.wav'), LOCAL))).toBeInstanceOf(MediaError);
  });

  test("may come from a program's own downloader", async () => {
    class Shelf extends Downloader {
      override async download(): Promise<Downloaded> {
        return { bytes: Buffer.from('xyz'), contentType: 'image/png' };
      }
    }
    const image = await Image.fromUrl('https://example.com/a', { downloader: new Shelf() });
    expect(image.url).toBe('data:image/png;base64,eHl6');
  });
});

describe('a private address', () => {
  const hosts = [
    ...['127.0.0.1', '127.9.9.9', '169.254.169.254', '10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', '0.0.0.0'],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:a00:1]', '[fe80::1]', '[fd00::1]', '[64:ff9b::7f00:1]'],
    ...['[2002:7f00:1::]', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '224.0.0.1', '255.255.255.255'],
  ];

  test.each(hosts)('%s is refused', async (host) => {
    const failure = await failureOf(Image.fromUrl(`http://${host}/a.png`));
    expect(failure).toBeInstanceOf(BlockedAddressError);
    expect((failure as Error).message).toContain('allowPrivate: true');
  });

  test('behind a name is refused before anything is sent', async () => {
    const { server } = await serverOf(answer('content-type: image/png'));
    const url = server.url.replace('127.0.0.1', 'localhost');
    expect(await failureOf(Image.fromUrl(url))).toBeInstanceOf(BlockedAddressError);
    expect(server.connections).toBe(0);
  });

  test('behind a name is refused in either form of a lookup', async () => {
    for (const all of [true, false]) {
      const error = await new Promise((resolve) => publicLookup('localhost', { all }, resolve));
      expect(error).toBeInstanceOf(BlockedAddressError);
    }
  });

  test('is told from a public one', () => {
    const open = ['8.8.8.8', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'];
    expect(open.map(isPublicAddress)).toEqual([true, true, true, true]);
    expect(['', 'example.com', 'fe80::1%lo', '::ffff:8.8.8.8'].map(isPublicAddress)).toEqual(Array(4).fill(false));
  });
});

describe('a download', () => {
  test('follows redirects within its origin, and no further than five', async () => {
    const once = await serverOf(redirect('/there.png'), answer('content-type: image/png'));
    expect((await Image.fromUrl(once.at('/here.png'), LOCAL)).url).toContain('image/png');
    const forever = await serverOf(redirect('/again'));
    expect(String(await failureOf(Image.fromUrl(forever.at('/a'), LOCAL)))).toContain('redirected more than 5 times');
    expect(forever.asked).toHaveLength(6);
  });

  test('is not led to another origin', async () => {
    const inside = await serverOf(answer('content-type: image/png'));
    const { at } = await serverOf(redirect(inside.at('/secret.png')));
    const failure = await failureOf(Image.fromUrl(at('/a.png'), LOCAL));
    expect(failure).toBeInstanceOf(DownloadError);
    expect(String(failure)).toContain('another origin');
    expect(inside.asked).toEqual([]);
  });

  test('that is longer than allowed ends there, announced or not', async () => {
    const long = 'x'.repeat(2000);
    const unannounced = `HTTP/1.1 200 OK\r\ncontent-type: image/png\r\nconnection: close\r\n\r\n${long}`;
    for (const text of [answer('content-type: image/png', long), unannounced]) {
      const { at } = await serverOf(text);
      const failure = await failureOf(Image.fromUrl(at('/a.png'), { ...LOCAL, maxBytes: 1000 }));
      expect(failure).toBeInstanceOf(DownloadError);
      expect(String(failure)).toContain('longer than 1000 bytes');
    }
  });

  test('that stalls ends at its deadline; an abort ends it with its reason', async () => {
    const server = await startRawServer(() => {});
    open.push(server);
    const late = await failureOf(Image.fromUrl(server.url, { ...LOCAL, timeoutMs: 30 }));
    expect(late).toBeInstanceOf(DownloadError);
    expect(String(late)).toContain('within 30 ms');
    const controller = new AbortController();
    const aborted = failureOf(Image.fromUrl(server.url, { ...LOCAL, signal: controller.signal }));
    controller.abort(new Error('enough'));
    expect(String(await aborted)).toContain('enough');
  });

  test('that fails says the status, or the code of the connection', async () => {
    const mock = await startMockServer();
    open.push(mock);
    expect(await failureOf(Image.fromUrl(`${mock.url}/a.png`, LOCAL))).toMatchObject({ code: 'DOWNLOAD', status: 404 });
    expect(String(await failureOf(Image.fromUrl(await closedPort(), LOCAL)))).toContain('ECONNREFUSED');
  });

  test('that is compressed against the request is refused', async () => {
    const { at } = await serverOf(answer('content-type: image/png\r\ncontent-encoding: gzip'));
    expect(String(await failureOf(Image.fromUrl(at('/a.png'), LOCAL)))).toContain('gzip');
  });

  test('is by http or https, without credentials, and a secret in the query is not shown', async () => {
    for (const url of ['ftp://example.com/a.png', 'file:///etc/hosts', 'a.png', 'https://me:word@example.com/a.png']) {
      const failure = await failureOf(Image.fromUrl(url));
      expect(failure).toBeInstanceOf(DownloadError);
      expect(String(failure)).not.toContain('word');
    }
    const { at } = await serverOf('HTTP/1.1 403 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    expect(String(await failureOf(File.fromUrl(at('/a?key=sesame'), LOCAL)))).not.toContain('sesame');
  });

  test('takes no option that nothing reads', async () => {
    expect(await failureOf(File.fromUrl('https://example.com', { verify: false } as object))).toBeInstanceOf(
      UnknownOptionError,
    );
  });
});
