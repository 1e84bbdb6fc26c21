import { mkdtemp, readdir, readlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Example, ExampleInputsError, InvalidOptionError, JsonlError, readJsonl, UnknownOptionError } from 'dspex';
import { describe, expect, it } from 'vitest';

interface Row {
  readonly question: string;
  readonly answer?: string;
}

async function* pieces(...texts: (string | Uint8Array)[]) {
  yield* texts;
}

async function rowsOf<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const read: T[] = [];
  for await (const row of rows) read.push(row);
  return read;
}

const read = (...texts: (string | Uint8Array)[]) =>
  rowsOf(readJsonl<Row, 'question'>(pieces(...texts), { inputs: ['question'] }));

async function failure(...texts: (string | Uint8Array)[]): Promise<JsonlError> {
  const error = await read(...texts).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(JsonlError);
  return error as JsonlError;
}

describe('readJsonl', () => {
  it('gives examples with their inputs marked, line by line', async () => {
    const [first, second] = await read('{"question": "q", "answer": "a"}\n{"question": "r"}\n');
    expect(first && Example.inputs(first)).toEqual({ question: 'q' });
    expect(first && Example.labels(first)).toEqual({ answer: 'a' });
    expect(second?.question).toBe('r');
  });

  it('reads alike however the text is cut, and without a line feed at the end', async () => {
    const text = '\ufeff{"question": "žluťoučký 😀"}\r\n\r\n  \n{"question": "two"}';
    const bytes = Buffer.from(text);
    const expected = ['žluťoučký 😀', 'two'];
    const cut = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
    expect((await read(text)).map(({ question }) => question)).toEqual(expected);
    expect((await read(...cut)).map(({ question }) => question)).toEqual(expected);
    const units = Array.from({ length: text.length }, (_, at) => text[at] as string);
    expect((await read(...units)).map(({ question }) => question)).toEqual(expected);
    for (let at = 0; at < bytes.length; at += 7) {
      const halves = await read(bytes.subarray(0, at), bytes.subarray(at));
      expect(halves.map(({ question }) => question)).toEqual(expected);
    }
  });

  it('copies what it keeps of a piece: the source may use the memory again', async () => {
    const bytes = Buffer.from('{"question": "one"}\n{"question": "two"}\n{"question": "three"}');
    async function* reused() {
      const memory = new Uint8Array(8);
      for (let at = 0; at < bytes.length; at += memory.length) {
        const part = bytes.subarray(at, at + memory.length);
        memory.fill(0x20);
        memory.set(part);
        yield memory.subarray(0, part.length);
      }
    }
    const rows = await rowsOf(readJsonl<Row, 'question'>(reused(), { inputs: ['question'] }));
    expect(rows.map(({ question }) => question)).toEqual(['one', 'two', 'three']);
  });

  it('closes the file when the loop is left, by the reader or by a broken line', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'dspex-')), 'rows.jsonl');
    await writeFile(path, `${'{"question": "q"}\n'.repeat(20_000)}broken\n${'{"question": "q"}\n'.repeat(20_000)}`);
    const isOpen = async () => {
      const open = await Promise.all(
        (await readdir('/proc/self/fd')).map((at) => readlink(`/proc/self/fd/${at}`).catch(() => '')),
      );
      return open.includes(path);
    };
    const rows = readJsonl<Row>(path, { inputs: ['question'] });
    let read = 0;
    for await (const _ of rows) if (++read === 5) break;
    await expect(rowsOf(rows)).rejects.toMatchObject({ name: 'JsonlError', line: 20_001 });
    if (process.platform === 'linux') await expect.poll(isOpen).toBe(false);
  });

  it('reads the last of keys that come twice, text of any script, and no row of an empty text', async () => {
    expect(await read('')).toEqual([]);
    expect(await read('\n\r\n\ufeff')).toEqual([]);
    const [row] = await read('{"question": "one", "question": "\\u0000\\ud83d\\ude00 ł"}');
    expect(row?.question).toBe('\0😀 ł');
  });

  it('reads a file anew for each loop', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'dspex-')), 'rows.jsonl');
    await writeFile(path, '{"question": "q"}\n');
    const rows = readJsonl<Row>(path, { inputs: ['question'] });
    expect(await rowsOf(rows)).toHaveLength(1);
    expect(await rowsOf(rows)).toHaveLength(1);
  });

  it('makes rows by map, which knows the line', async () => {
    const rows = readJsonl(pieces('{"q": 1}\n{"q": 2}\n'), {
      inputs: ['question'],
      map: ({ q }, line) => ({ question: `${String(q)} in line ${line}` }),
    });
    expect((await rowsOf(rows)).map(({ question }) => question)).toEqual(['1 in line 1', '2 in line 2']);
  });

  it('takes a key called __proto__ as a field like any other', async () => {
    const [row] = await read('{"question": "q", "__proto__": {"polluted": true}}\n');
    expect((row as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.hasOwn(row as object, '__proto__')).toBe(true);
  });

  it('leaves the source when the loop is left', async () => {
    let left = false;
    async function* source() {
      try {
        for (;;) yield '{"question": "q"}\n';
      } finally {
        left = true;
      }
    }
    for await (const _ of readJsonl<Row>(source(), { inputs: ['question'] })) break;
    expect(left).toBe(true);
  });
});

describe('what is wrong with a text is named with its line', () => {
  const good = '{"question": "q"}\n';
  it.each<[string, (string | Uint8Array)[], number, string]>([
    ['torn JSON', [good, '\n', '{"question": "q'], 3, 'holds no JSON'],
    ['an array', [good, '["q"]\n'], 2, 'holds an array, not an object'],
    ['null', ['null\n'], 1, 'holds null'],
    ['a missing input', [good, '{"answer": "a"}\n'], 2, 'lacks an input'],
    ['bytes that are no UTF-8', [good, Uint8Array.of(0x22, 0xff, 0x22, 0x0a)], 2, 'is not valid UTF-8'],
    ['a mark of the byte order within', [good, '\ufeff{"question": "q"}\n'], 2, 'holds no JSON'],
  ])('%s', async (_, texts, line, words) => {
    const error = await failure(...texts);
    expect(error.line).toBe(line);
    expect(error.message).toContain(`line ${line} ${words}`);
  });

  it('a line that is too long, before it is read to its end', async () => {
    let given = 0;
    async function* endless() {
      yield good;
      for (;;) {
        given++;
        yield 'x'.repeat(100);
      }
    }
    const rows = readJsonl<Row>(endless(), { inputs: ['question'], maxLineBytes: 1000 });
    await expect(rowsOf(rows)).rejects.toThrow('line 2 is longer than maxLineBytes (1000 bytes)');
    expect(given).toBe(11);
  });

  it('a line that is too deep', async () => {
    const deep = `{"question": ${'['.repeat(300)}${']'.repeat(300)}}\n`;
    expect((await failure(deep)).message).toContain('nested deeper than 200');
  });

  it('what map throws', async () => {
    const rows = readJsonl(pieces(good), {
      inputs: ['question'],
      map: (): Row => {
        throw new Error('no such row');
      },
    });
    await expect(rowsOf(rows)).rejects.toThrow('line 1 was refused by map. no such row');
  });

  it('a missing input keeps its own error underneath', async () => {
    expect((await failure('{}\n')).cause).toBeInstanceOf(ExampleInputsError);
  });

  it('a file that is not there', async () => {
    const error = await rowsOf(readJsonl<Row>('nowhere.jsonl', { inputs: ['question'] })).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(JsonlError);
    expect(error).toMatchObject({ path: 'nowhere.jsonl', line: undefined, cause: { code: 'ENOENT' } });
  });

  it.each<[string, unknown, object, typeof InvalidOptionError | typeof UnknownOptionError]>([
    ['no path', '', { inputs: ['question'] }, InvalidOptionError],
    ['a source that is neither', 7, { inputs: ['question'] }, InvalidOptionError],
    ['no inputs', 'rows.jsonl', { inputs: [] }, InvalidOptionError],
    ['lines of no bytes', 'rows.jsonl', { inputs: ['question'], maxLineBytes: 0 }, InvalidOptionError],
    ['a map that is no function', 'rows.jsonl', { inputs: ['question'], map: 'upper' }, InvalidOptionError],
    ['an unknown option', 'rows.jsonl', { inputs: ['question'], encoding: 'utf8' }, UnknownOptionError],
  ])('%s, at once', (_, source, options, kind) => {
    expect(() => readJsonl(source as string, options as never)).toThrow(kind);
  });
});
