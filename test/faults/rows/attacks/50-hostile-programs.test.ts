import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateFileError, StateMismatchError } from 'dspex';
import { ChainOfThought } from 'dspex/modules';
import { Module, Predict, setEnvironmentLM } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import fc from 'fast-check';
import { expect } from 'vitest';
import { faultRow, type RowContext } from '../../matrix/fault-row';

class QA extends Module {
  search = new Predict('question -> query');
  answer = new ChainOfThought('question -> answer, score: float');
  override async forward() {}
}

type Node = Record<string, unknown>;

/** A program's file, and every LM that a load of it asked for. */
async function setUp({ after }: RowContext) {
  const folder = await mkdtemp(join(tmpdir(), 'dspex-hostile-'));
  after(() => rm(folder, { recursive: true }));
  const made: unknown[][] = [];
  setEnvironmentLM((...given) => {
    made.push(given);
    return new DummyLM([], { model: given[0] });
  });
  const path = join(folder, 'program.json');
  const qa = new QA();
  qa.search.spec = qa.search.spec.withInstructions('Search well.');
  qa.search.demos = [{ question: 'Q', query: 'q' }];
  await qa.save(path);
  const text = await readFile(path, 'utf8');
  /** What came of loading this content: `loaded`, or the name of the error; a program that refused is as it was. */
  const load = async (content: string) => {
    await writeFile(path, content);
    const program = new QA();
    const before = JSON.stringify(program.dumpState());
    try {
      await program.load(path);
      return { outcome: 'loaded', program };
    } catch (error) {
      expect(error instanceof StateFileError || error instanceof StateMismatchError, String(error)).toBe(true);
      expect(JSON.stringify(program.dumpState())).toBe(before);
      return { outcome: (error as Error).name, program };
    }
  };
  /** Loads the file with other values at these places; `undefined` takes them out. */
  const changed = (values: Readonly<Record<string, unknown>>) => {
    const file = JSON.parse(text) as Node;
    for (const [place, value] of Object.entries(values)) {
      const path = place.split('.');
      const last = path.pop() ?? '';
      const parent = path.reduce((node, name) => node[name] as Node, file);
      if (value === undefined) delete parent[last];
      else parent[last] = value;
    }
    return load(JSON.stringify(file));
  };
  return { load, changed, made, text };
}

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

faultRow(50, 'a saved program with one hostile change', async (row) => {
  const { load, changed, text } = await setUp(row);
  const refused: readonly [string, string, unknown][] = [
    ['an unknown predictor', 'evil', { signature: {}, demos: [] }],
    ['a predictor that is missing', 'search', undefined],
    ['a predictor that is a list', 'search', []],
    ['an LM of a class of its own', 'search.lm', { _dspy_lm_class: 'os.system', model: 'x' }],
    ['an LM without a model', 'search.lm', { model: 5 }],
    ['instructions that are no text', 'search.signature.instructions', { a: 1 }],
    ['fields that are no list', 'search.signature.fields', 'x'],
    ['another number of fields', 'search.signature.fields', [{ prefix: 'a', description: 'b' }]],
    ['demos that are no records', 'search.demos', [1, 'x']],
    ['demos that are a record', 'search.demos', { length: 1e9 }],
    ['another layout', 'metadata.dspex.layout', 99],
    ['no metadata', 'metadata', undefined],
    ['the state of before DSPy 2.6', 'search.extended_signature', {}],
  ];
  for (const [name, place, value] of refused) {
    expect((await changed({ [place]: value })).outcome, name).toMatch(/^State(Mismatch|File)Error$/u);
  }
  for (const content of [
    '',
    'null',
    '[]',
    '7',
    '"x"',
    '{}',
    text.slice(0, -20),
    deep(100_000),
    `${text}${text}`,
    '\u0000',
  ]) {
    expect((await load(content)).outcome, content.slice(0, 20)).toMatch(/^State(Mismatch|File)Error$/u);
  }
  return { happened: `${refused.length + 10} files refused; the program was as before` };
});

faultRow(50, 'a saved program that names an endpoint, a key, headers', async (row) => {
  const { changed, made } = await setUp(row);
  const lm = {
    model: 'openai/gpt-x',
    temperature: 0.5,
    api_base: 'https://evil.example',
    base_url: 'https://evil.example',
    baseUrl: 'https://evil.example',
    endpoint: 'https://evil.example',
    api_key: 'stolen',
    headers: { authorization: 'stolen' },
    extra_body: { stolen: true },
    extra: { base_url: 'https://evil.example' },
    launch_kwargs: { command: 'rm' },
    proxy: 'https://evil.example',
  };
  const { outcome, program } = await changed({
    'search.lm': lm,
    'search.tools': [{ run: 'process.exit()' }],
    'search.forward': 'x',
  });
  expect(outcome).toBe('loaded');
  expect(made).toEqual([['openai/gpt-x', { temperature: 0.5 }]]);
  expect(typeof program.search.forward).toBe('function');
  expect(JSON.stringify(program.dumpState())).not.toMatch(/evil|stolen/u);
  return { happened: 'loaded with the model and its temperature; the rest was dropped' };
});

faultRow(50, 'huge lists, deep values, a thousand random changes', async (row) => {
  const { load, changed, made, text } = await setUp(row);
  const many = await changed({ 'search.demos': Array.from({ length: 50_000 }, () => ({ question: 'q' })) });
  expect(['loaded', 'StateMismatchError']).toContain(many.outcome);
  const nested = await load(text.replace('"Q"', deep(5_000)));
  expect(nested.outcome).toBe('StateFileError');
  const junk = fc.constantFrom('null', '-1', '1e999', '"x"', '[]', '{}', 'true', '[[[[]]]]', '{"__proto__":{"a":1}}');
  const tokens = [...text.matchAll(/"[^"\n]*"|\d+|null|\[\]|\{\}/gu)];
  let loaded = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: tokens.length - 1 }), junk, async (index, value) => {
      const token = tokens[index];
      const at = token?.index ?? 0;
      const { outcome } = await load(`${text.slice(0, at)}${value}${text.slice(at + (token?.[0].length ?? 0))}`);
      if (outcome === 'loaded') loaded += 1;
      else refused += 1;
    }),
    { numRuns: 1_000 },
  );
  expect(made).toEqual([]);
  expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  expect(refused).toBeGreaterThan(loaded / 4);
  return { happened: `${loaded} changed files loaded as they say, ${refused} refused with a typed error, none half` };
});
