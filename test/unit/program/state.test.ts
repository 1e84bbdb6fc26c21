import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Input, lm, Output, Signature } from 'dspex';
import { ChainOfThought } from 'dspex/modules';
import {
  Module,
  Predict,
  StateFileError,
  StateMismatchError,
  setEnvironmentLM,
  UnsavableValueError,
} from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dspex-'));
  setEnvironmentLM((model, defaults = {}) => new DummyLM([], { model, defaults }));
});
afterEach(() => rm(folder, { recursive: true }));

class Scored extends Signature {
  @Input() readonly question!: string;
  @Output() answer!: string;
  @Output() score!: number;
}

class QA extends Module {
  search = new Predict('question -> query');
  answer = new ChainOfThought(Scored);
  override async forward() {}
}

function compiled(): QA {
  const qa = new QA();
  qa.search.spec = qa.search.spec.withInstructions('Search well.');
  qa.answer.predict.demos = [{ question: 'Q', reasoning: 'R', answer: 'A', score: 1 }];
  return qa;
}

const at = (name: string) => join(folder, name);
const write = (content: unknown) =>
  writeFile(at('x.json'), typeof content === 'string' ? content : JSON.stringify(content));
const saved = async (change: (file: Record<string, never>) => void) => {
  await compiled().save(at('x.json'));
  const file = JSON.parse(await readFile(at('x.json'), 'utf8'));
  change(file);
  await write(file);
};
const refusal = async (program: Module = new QA()) =>
  program.load(at('x.json')).then(
    () => 'loaded',
    (error: Error) => `${error.name}: ${error.message}`,
  );

test('a program that was saved and loaded holds the same and saves the same bytes', async () => {
  await compiled().save(at('a.json'));
  const loaded = await new QA().load(at('a.json'));
  await loaded.save(at('b.json'));
  expect(loaded.dumpState()).toEqual(compiled().dumpState());
  expect(await readFile(at('b.json'), 'utf8')).toBe(await readFile(at('a.json'), 'utf8'));
  expect(await readdir(folder)).toEqual(['a.json', 'b.json']);
});

test('numbers are written as their declared type says, so Python reads back what it wrote', async () => {
  await compiled().save(at('a.json'));
  expect(await readFile(at('a.json'), 'utf8')).toContain('"score": 1.0');
});

test('the file says which fields its rows belong to', async () => {
  await compiled().save(at('a.json'));
  const { metadata } = JSON.parse(await readFile(at('a.json'), 'utf8'));
  expect(Object.keys(metadata.dependency_versions)).toEqual(['python', 'dspy', 'cloudpickle']);
  expect(metadata.dspex.fields).toEqual({
    search: ['question', 'query'],
    'answer.predict': ['question', 'reasoning', 'answer', 'score'],
  });
});

test('compiled parts are saved and loaded too', async () => {
  const qa = compiled();
  qa.answer.markCompiled();
  await qa.save(at('a.json'));
  expect((await new QA().load(at('a.json'))).answer.predict.demos).toHaveLength(1);
});

describe('LMs of saved programs', () => {
  test('come back by model and options, without endpoint or key', async () => {
    const predict = new Predict('question -> answer');
    predict.lm = lm('openai/gpt-5-mini', {
      apiKey: 'sk-secret',
      defaults: { temperature: 1, extra: { api_key: 'sk-secret', base_url: 'https://evil' } },
    });
    await predict.save(at('a.json'));
    const text = await readFile(at('a.json'), 'utf8');
    expect(text).not.toMatch(/secret|evil|https/);
    expect(text).toContain('"temperature": 1.0');
    const loaded = await new Predict('question -> answer').load(at('a.json'));
    expect(loaded.lm).toMatchObject({ model: 'openai/gpt-5-mini', defaults: { temperature: 1 } });
  });

  test('are left out when no name says how to make them again', async () => {
    const predict = new Predict('question -> answer');
    predict.lm = new DummyLM([]);
    expect(predict.dumpState()).toMatchObject({ lm: null });
  });

  test('never bring an endpoint, a key or a class from the file', async () => {
    const lms: unknown[] = [];
    setEnvironmentLM((...given) => {
      lms.push(given);
      return new DummyLM([], { model: given[0] });
    });
    await saved((file) => {
      Reflect.set(file['search'] as never, 'lm', {
        model: 'openai/gpt-x',
        api_base: 'https://evil',
        api_key: 'stolen',
        headers: { a: 'b' },
      });
    });
    await new QA().load(at('x.json'));
    expect(lms).toEqual([['openai/gpt-x', {}]]);
    await saved((file) => Reflect.set(file['search'] as never, 'lm', { model: 'm', _dspy_lm_class: 'os.System' }));
    expect(await refusal()).toMatch(/search: its lm is of the class "os.System"; a file cannot bring its own class/);
  });

  test('that cannot be made here are an error with a way out', async () => {
    setEnvironmentLM((name) => {
      throw new Error(`no client for ${name}`);
    });
    await saved((file) => Reflect.set(file['search'] as never, 'lm', { model: 'gone/model' }));
    expect(await refusal()).toMatch(/search: .*'gone\/model'.*no client for gone\/model.*\{ lm: 'ignore' \}/);
    const qa = new QA();
    qa.search.lm = new DummyLM([], { model: 'mine' });
    await qa.load(at('x.json'), { lm: 'ignore' });
    expect(qa.search.lm.model).toBe('mine');
  });
});

describe('a file that does not fit changes nothing and says why', () => {
  const cases: [what: string, change: (file: Record<string, unknown>) => void, why: RegExp][] = [
    ['a predictor is missing', (file) => delete file['search'], /search: the state does not have it/],
    ['there is a predictor too many', (file) => (file['rank'] = file['search']), /rank: the program has no such/],
    ['a predictor is no record', (file) => (file['search'] = []), /search: its state is no record/],
    ['there is no signature', (file) => (file['search'] = { demos: [] }), /search: its state has no signature/],
    ['instructions are no text', (file) => edit(file, 'signature', { instructions: 1 }), /instructions are no text/],
    ['fields are no list', (file) => edit(file, 'signature', { instructions: '', fields: {} }), /fields are no list/],
    [
      'a field is missing',
      (file) => edit(file, 'signature', { instructions: '', fields: [{ prefix: 'A', description: 'B' }] }),
      /search: it was saved with 1 fields and has 2 \(question, query\)/,
    ],
    ['demos are no list', (file) => edit(file, 'demos', 'x'), /demos are no list of records/],
    ['a demo is no record', (file) => edit(file, 'demos', [1]), /demos are no list of records/],
    ['traces are no list', (file) => edit(file, 'traces', 'x'), /traces or train are no lists/],
    ['the LM is no record', (file) => edit(file, 'lm', 'gpt'), /lm is no record/],
    ['the LM has no model', (file) => edit(file, 'lm', { model: 3 }), /lm has no model/],
    ['it is from before DSPy 2.6', (file) => edit(file, 'extended_signature', {}), /DSPy before 2\.6/],
    ['fields have other names', rename, /it was saved with the fields asked, query and has question, query/],
    ['it has no metadata', (file) => delete file['metadata'], /has no 'metadata'/],
    ['it is of a later layout', (file) => (file['metadata'] = { dspex: { layout: 9 } }), /layout 9.*Update dspex/],
  ];
  test.each(cases)('%s', async (_, change, why) => {
    await saved(change);
    const qa = compiled();
    const before = qa.dumpState();
    expect(await refusal(qa)).toMatch(why);
    expect(qa.dumpState()).toEqual(before);
  });

  test('every difference is listed at once', async () => {
    await saved((file) => {
      delete file['search'];
      Reflect.set(file, 'rank', {});
    });
    const error: unknown = await new QA().load(at('x.json')).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(StateMismatchError);
    expect((error as StateMismatchError).problems).toHaveLength(2);
    expect(String(error)).toContain(at('x.json'));
  });

  test('the state of a program does not load into a single predictor, nor the other way round', async () => {
    await compiled().save(at('x.json'));
    expect(await refusal(new Predict('question -> query'))).toMatch(/belongs to a program with the predictors search,/);
    await new Predict('question -> query').save(at('x.json'));
    expect(await refusal()).toMatch(/belongs to a single predictor, not to a program/);
  });
});

function edit(file: Record<string, unknown>, key: string, value: unknown): void {
  Reflect.set(file['search'] as object, key, value);
}

function rename(file: Record<string, unknown>): void {
  const metadata = file['metadata'] as { dspex: { fields: { search: string[] } } };
  metadata.dspex.fields.search = ['asked', 'query'];
}

describe('a hostile or damaged file', () => {
  test.each([
    ['empty', ''],
    ['cut off', '{"search": {"demos": ['],
    ['no JSON', 'cos\nsystem\n(S"rm"'],
    ['nested without end', '['.repeat(100_000)],
  ])('that is %s is a named error', async (_, text) => {
    await write(text);
    const error: unknown = await new QA().load(at('x.json')).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(StateFileError);
    expect(String(error)).toContain('is damaged or no JSON');
  });

  test.each([['null'], ['[]'], ['3'], ['"text"']])('that holds %s is a named error', async (text) => {
    await write(text);
    expect(await refusal()).toMatch(/StateFileError: .*no 'metadata'/);
  });

  test('cannot reach prototypes', async () => {
    await compiled().save(at('x.json'));
    const text = await readFile(at('x.json'), 'utf8');
    await write(text.replace('"demos": []', '"demos": [{"__proto__": {"polluted": true}, "constructor": {"x": 1}}]'));
    const { search } = await new QA().load(at('x.json'));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(search.demos[0])).toBe(Object.prototype);
  });

  test('adds no attributes to a predictor and sets none of its options', async () => {
    await saved((file) => {
      edit(file, 'config', { temperature: 2 });
      edit(file, 'forward', 'x');
    });
    const { search } = await new QA().load(at('x.json'));
    expect(search.config).toEqual({});
    expect(typeof search.forward).toBe('function');
    expect(Object.keys(search)).toEqual(Object.keys(new Predict('a -> b')));
  });
});

test.each([
  ['does not exist', 'none.json', /does not exist/],
  ['is a pickle', 'x.pkl', /Pickle files run code.*in Python, save the program as .json/],
  ['has no suffix', 'x', /ends with .json/],
])('a file that %s is a named error', async (_, name, why) => {
  await expect(new QA().load(at(name))).rejects.toThrow(StateFileError);
  await expect(new QA().load(at(name))).rejects.toThrow(why);
});

test('a name that does not end with .json is not written', async () => {
  await expect(new QA().save(at('x.txt'))).rejects.toThrow(StateFileError);
  expect(await readdir(folder)).toEqual([]);
});

const loop: Record<string, unknown> = {};
loop['self'] = loop;
test.each([
  ['a set', new Set([1]), /demos\[0\]\.question is a Set/],
  ['a function', () => 1, /is a function/],
  ['an integer of more than 64 bits', 2n ** 70n, /more than 64 bits/],
  ['a value that contains itself', loop, /contains itself/],
])('%s in a demo cannot be saved, and leaves no file', async (_, value, why) => {
  const predict = new Predict('question -> answer');
  predict.demos = [{ question: value, answer: 'A' }];
  await expect(predict.save(at('x.json'))).rejects.toThrow(UnsavableValueError);
  await expect(predict.save(at('x.json'))).rejects.toThrow(why);
  expect(await readdir(folder)).toEqual([]);
});
