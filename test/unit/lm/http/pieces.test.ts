import { AsyncLocalStorage } from 'node:async_hooks';
import { OpenAICompatible } from 'dspex/clients';
import { startFaultServer } from 'dspex/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { PieceQueue } from '../../../../src/lm/clients/http/body/piece-queue';
import { gathered, textOf } from '../../../../src/lm/clients/http/body/whole-body';
import { Connecting } from '../../../../src/lm/clients/http/connecting';
import { ask, streamed } from '../../../faults/calls';

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A queue, and what it told its source to do. */
function queue() {
  const told: string[] = [];
  const source = { pause: () => void told.push('pause'), resume: () => void told.push('resume') };
  return { pieces: new PieceQueue(source, undefined), told };
}

const bytes = (text: string) => Buffer.from(text);

describe('the pieces of a body', () => {
  test('come in order, those that are waited for and those that are not', async () => {
    const { pieces } = queue();
    const all = gathered(pieces);
    pieces.push(bytes('a'));
    await Promise.resolve();
    pieces.push(bytes('b'));
    pieces.push(bytes('c'));
    pieces.end();
    expect(textOf(await all)).toBe('abc');
  });

  test('that came before a failure are given out first', async () => {
    const { pieces } = queue();
    const failure = new Error('broken');
    pieces.push(bytes('a'));
    pieces.fail(failure);
    pieces.fail(new Error('later'));
    expect(await pieces.next()).toEqual({ done: false, value: bytes('a') });
    await expect(pieces.next()).rejects.toBe(failure);
    await expect(pieces.next()).rejects.toBe(failure);
  });

  test('are held back at 64 KiB, until all that is there was taken', async () => {
    const { pieces, told } = queue();
    const half = Buffer.alloc(32 * 1024);
    pieces.push(half);
    expect(told).toEqual([]);
    pieces.push(half);
    pieces.push(half);
    expect(told).toEqual(['pause']);
    await pieces.next();
    await pieces.next();
    expect(told).toEqual(['pause']);
    await pieces.next();
    expect(told).toEqual(['pause', 'resume']);
  });

  test('that nobody wants any more do not hold the socket', () => {
    const { pieces, told } = queue();
    pieces.push(Buffer.alloc(64 * 1024));
    pieces.drop();
    expect(told).toEqual(['pause', 'resume']);
  });
});

test('a listener runs in the async context of its call, whoever opened the socket', async () => {
  const server = await startFaultServer((exchange) => streamed(exchange, ['a', 'b']));
  open.push(() => server.close());
  const lm = new OpenAICompatible({ model: 'm', baseUrl: server.url, connections: 1 });
  open.push(() => lm.close());
  const contexts = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const call = () => ask(lm, { onDelta: () => void seen.push(contexts.getStore()) });
  await contexts.run('first', call);
  await contexts.run('second', call);
  expect(seen).toEqual(['first', 'first', 'second', 'second']);
  expect(server.connections).toBe(1);
});

describe('a connection in the making', () => {
  test('is ended when the last who waits for it gives up, and not before', () => {
    const connecting = new Connecting();
    let ended = 0;
    connecting.begun(() => {
      ended += 1;
    });
    connecting.waits();
    connecting.waits();
    connecting.gaveUp();
    expect(ended).toBe(0);
    connecting.gaveUp();
    expect(ended).toBe(1);
  });

  test('that stands by then is left alone', () => {
    const connecting = new Connecting();
    let ended = 0;
    const stands = connecting.begun(() => {
      ended += 1;
    });
    connecting.waits();
    stands();
    connecting.gaveUp();
    expect(ended).toBe(0);
  });
});
