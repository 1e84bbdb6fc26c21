import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdapterParseError, example, Predict, StateFileError, StateMismatchError, signature, Tool } from 'dspex';
import { BAMLAdapter, ChatAdapter, JSONAdapter, XMLAdapter } from 'dspex/adapters';
import { cached, FileCache, OpenAICompatible, recorded } from 'dspex/clients';
import { DummyLM, hostileTexts, startMockServer } from 'dspex/testing';
import fc from 'fast-check';
import { expect } from 'vitest';
import { faultRow, type RowContext } from '../../matrix/fault-row';

const ADAPTERS = [new ChatAdapter(), new JSONAdapter(), new XMLAdapter(), new BAMLAdapter()];
const MEMBERS = [
  '"__proto__":{"polluted":true}',
  '"\\u005f\\u005fproto\\u005f\\u005f":{"polluted":true}',
  '"constructor":{"prototype":{"polluted":true}}',
  '"prototype":{"polluted":true},"hasOwnProperty":null,"toString":1,"then":"x"',
];
/** What an attack would change, whichever way it takes. */
const PROTOTYPES = [Object, Array, String, Number, Function, Map, Error, Promise].map((owner) => owner.prototype);
const namesOf = () => PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).map(String).join()).join('\n');
const CLEAN = namesOf();

function expectClean(): void {
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(namesOf()).toBe(CLEAN);
}

async function folder({ after }: RowContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'dspex-prototypes-'));
  after(() => rm(path, { recursive: true }));
  return path;
}

/** What a reader of answers makes of a text: values, or the one error that it may throw. */
function read(adapter: (typeof ADAPTERS)[number], type: string, text: string): unknown {
  const spec = signature<string>(`question -> answer: ${type}`);
  try {
    return adapter.parse(spec, text);
  } catch (error) {
    if (!(error instanceof AdapterParseError)) throw error;
    return undefined;
  }
}

faultRow(48, 'answers of a model through every adapter', async () => {
  const texts = [
    ...hostileTexts(2_000).map(({ text }) => text),
    ...MEMBERS.flatMap((member) => [`{${member}}`, `{"a":{${member}}}`, `[{${member}}]`]),
  ];
  let read_ = 0;
  for (const adapter of ADAPTERS) {
    for (const type of ['str', 'Any', 'dict[str, Any]', 'list[Any]', 'dict[str, dict[str, bool]]']) {
      for (const text of texts) {
        for (const answer of [text, `[[ ## answer ## ]]\n${text}`, `<answer>${text}</answer>`, `{"answer": ${text}}`]) {
          const values = read(adapter, type, answer);
          if (values !== undefined) expect((values as Record<string, unknown>)['polluted']).toBeUndefined();
          read_ += 1;
        }
      }
    }
  }
  expectClean();
  return { happened: `${read_.toLocaleString('en-US')} answers read as values or refused; no prototype changed` };
});

faultRow(48, 'random JSON whose keys are those of prototypes', async () => {
  const key = fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'polluted',
    'answer',
    'toString',
    '__defineGetter__',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('x', 1, true, null),
      fc.array(fc.tuple(key, tie('tree')), { maxLength: 4 }),
    ),
  }));
  const textOf = (node: unknown): string =>
    Array.isArray(node)
      ? `{${node.map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`).join()}}`
      : JSON.stringify(node);
  fc.assert(
    fc.property(tree, fc.constantFrom(...ADAPTERS), fc.constantFrom('Any', 'dict[str, Any]'), (node, adapter, type) => {
      const text = textOf(node);
      for (const answer of [text, `{"answer": ${text}}`, `[[ ## answer ## ]]\n${text}`]) read(adapter, type, answer);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    }),
    { numRuns: 2_000 },
  );
  expectClean();
  return { happened: '2,000 random trees read; no prototype changed' };
});

faultRow(48, 'the body of a response', async ({ use }) => {
  const bodies = MEMBERS.map(
    (member) =>
      `{${member},"choices":[{${member},"index":0,"finish_reason":"stop","message":{${member},"role":"assistant","content":"yes"}}],"usage":{${member}}}`,
  );
  const server = use(await startMockServer({ respond: (_body, index) => ({ body: bodies[index] }) }));
  const lm = use(new OpenAICompatible({ model: 'm', baseUrl: server.url }));
  for (const _ of bodies) {
    const response = await lm.generate(lm.createRequest([{ role: 'user', content: 'q' }]));
    expect(response.completions[0]?.text).toBe('yes');
  }
  expectClean();
  return { happened: `${bodies.length} answers read, the keys ignored`, attempts: server.requests.length };
});

faultRow(48, 'arguments of tools', async () => {
  const seen: object[] = [];
  const tool = new Tool({ name: 'note', openArgs: true, run: (args: object) => void seen.push(args) });
  for (const member of MEMBERS) await tool.call(JSON.parse(`{${member},"text":"x"}`)).catch(() => {});
  expect(seen).not.toHaveLength(0);
  for (const args of seen) expect((args as Record<string, unknown>)['polluted']).toBeUndefined();
  expectClean();
  return { happened: `${MEMBERS.length} calls refused or run without them` };
});

faultRow(48, 'saved programs and data', async (row) => {
  const path = join(await folder(row), 'program.json');
  await new Predict('question -> answer').save(path);
  const text = await readFile(path, 'utf8');
  let loaded = 0;
  let refused = 0;
  for (const member of MEMBERS) {
    const hostile = [
      text.replace('{', `{${member},`),
      text.replace('"demos": []', `"demos": [{${member},"question":"q"}]`),
      text.replace('"signature": {', `"signature": {${member},`),
      text.replace('"metadata": {', `"metadata": {${member},`),
    ];
    for (const content of hostile) {
      expect(content).not.toBe(text);
      await writeFile(path, content);
      const outcome = await new Predict('question -> answer').load(path).catch((error: unknown) => error);
      if (outcome instanceof Predict) {
        loaded += 1;
        for (const demo of outcome.demos) expect((demo as Record<string, unknown>)['polluted']).toBeUndefined();
      } else {
        refused += 1;
        expect(outcome instanceof StateMismatchError || outcome instanceof StateFileError).toBe(true);
      }
      expectClean();
    }
    const row_ = example(JSON.parse(`{${member},"question":"q"}`) as { question: string });
    expect(row_.question).toBe('q');
    expect((row_ as unknown as Record<string, unknown>)['polluted']).toBeUndefined();
  }
  expectClean();
  return { happened: `${loaded} files loaded with inert keys, ${refused} refused` };
});

faultRow(48, 'cache files and recordings', async (row) => {
  const path = await folder(row);
  const make = () => new DummyLM(() => 'yes');
  const request = make().createRequest([{ role: 'user', content: 'q' }]);
  const recording = join(path, 'calls.jsonl');
  const first = recorded(make(), recording, { mode: 'record' });
  await first.generate(request);
  await first.close();
  const stored = join(path, 'cache');
  const store = cached(make(), { cache: new FileCache(stored) });
  await store.generate(request);
  await store.close();
  const files = [recording];
  for (const name of await readdir(stored, { recursive: true })) {
    if ((await stat(join(stored, name))).isFile()) files.push(join(stored, name));
  }
  expect(files.length).toBeGreaterThan(1);
  let read_ = 0;
  for (const file of files) {
    const text = await readFile(file, 'utf8');
    for (const member of MEMBERS) {
      await writeFile(file, text.replaceAll(/\{(?=")/gu, `{${member},`));
      const lms = [recorded(make(), recording, { mode: 'auto' }), cached(make(), { cache: new FileCache(stored) })];
      for (const lm of lms) {
        const outcome = await lm.generate(request).then(
          ({ completions }) => completions[0]?.text,
          (error: Error) => error.name,
        );
        expect(['yes', 'DamagedRecordingError']).toContain(outcome);
        await lm.close().catch(() => {});
        read_ += 1;
      }
      expectClean();
    }
    await writeFile(file, text);
  }
  return { happened: `${read_} reads of changed files: answered, asked anew or refused` };
});
