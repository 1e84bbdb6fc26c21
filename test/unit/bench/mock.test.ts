import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf } from '../../../bench/harness/mock/answers';
import { Mock } from '../../../bench/harness/run/mock';

/** From its source; a run takes the plain JavaScript of it. */
const script = (path: string, args: readonly string[] = []) => ({
  command: process.execPath,
  args: [
    '-r',
    'ts-node/register/transpile-only',
    join(__dirname, '../../../bench', path.replace('.js', '.ts')),
    ...args,
  ],
});

let mock: Mock;
beforeAll(async () => {
  mock = await Mock.start({ script }, 5);
});
afterAll(() => mock.end());

const ask = async (model: string, content: string, rest: object = {}) => {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content }], ...rest });
  return (await fetch(`${mock.url}/chat/completions`, { method: 'POST', body })).text();
};
const contentOf = (text: string): string => JSON.parse(text).choices[0].message.content;

describe('the mock', () => {
  test('answers the last number of the request as its model name asks', async () => {
    const question = 'The number 3 and the number 12? A number is due.';
    expect(contentOf(await ask('mock', question))).toBe(
      '[[ ## answer ## ]]\nIt is 12, and so it was before.\n\n[[ ## completed ## ]]',
    );
    expect(JSON.parse(contentOf(await ask('mock-json', question)))).toEqual({
      answer: 'It is 12, and so it was before.',
    });
    expect(contentOf(await ask('mock-ax', question))).toBe('Answer: It is 12, and so it was before.');
    expect(contentOf(await ask('mock', 'none'))).toContain('It is 0,');
  });

  test('answers at the length asked for', async () => {
    const content = contentOf(await ask('mock-json-bytes-5000', 'number 7'));
    expect(Math.abs(content.length - 5000)).toBeLessThan(5);
    expect(JSON.parse(content).answer).toMatch(/^It is 7, and .*before\.$/u);
  });

  test('streams the same in pieces', async () => {
    const text = await ask('mock-pieces-5', 'number 42', { stream: true });
    const events = text
      .trim()
      .split('\n\n')
      .map((event) => event.replace('data: ', ''));
    expect(events.at(-1)).toBe('[DONE]');
    const pieces = events.slice(0, -1).map((event) => JSON.parse(event).choices[0].delta.content ?? '');
    expect(pieces.filter((piece) => piece !== '')).toHaveLength(5);
    expect(pieces.join('')).toBe(contentOf(await ask('mock', 'number 42')));
  });

  test('counts what it answers', async () => {
    const before = await mock.count();
    await Promise.all([ask('mock', 'number 1'), ask('mock', 'number 2', { stream: true })]);
    const after = await mock.count();
    expect(after.requests - before.requests).toBe(2);
    expect(after.cpuUs).toBeGreaterThan(before.cpuUs);
  });

  test('takes names it does not know for its own', () => {
    expect(answerOf('other')).toEqual(answerOf('mock'));
    expect(answerOf('mock-pieces-3').pieces).toBe(3);
  });
});
