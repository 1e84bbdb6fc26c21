import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsumerFolder, consumerFolder } from './consumer-project';
import { runCommand } from './run-command';

const MINUTES = 60_000;

const PROGRAM = `
import { configure, Input, Instructions, LM, Module, Output, Predict, Retriever, Signature } from 'dspex';
import { dspex, programs } from 'dspex/container';
import { DummyLM } from 'dspex/testing';
import { Container, injectable } from 'inversify';

@Instructions('Answer from the passages.')
export class AnswerFromPassages extends Signature {
  @Input({ items: String }) readonly passages!: string[];
  @Input() readonly question!: string;
  @Output() answer!: string;
  @Output() sure!: boolean;
}

class Passages extends Retriever {
  async retrieve(query: string): Promise<readonly string[]> {
    return ['about ' + query];
  }
}

@injectable()
class RAG extends Module {
  readonly answer = new Predict(AnswerFromPassages);
  constructor(private readonly retriever: Retriever) {
    super();
  }
  async forward({ question }: { question: string }) {
    return this.answer.call({ passages: [...(await this.retriever.retrieve(question))], question });
  }
}

export async function answerOnce(): Promise<string> {
  const container = new Container();
  container.load(dspex(), programs(RAG));
  container.bind(Retriever).to(Passages);
  const lm = new DummyLM([{ answer: 'Paris', sure: true }]);
  container.bind(LM).toConstantValue(lm);
  const { answer, sure } = await container.get(RAG).call({ question: 'capitals' });
  const prompt = JSON.stringify(lm.requests[0]);
  return [answer, sure, prompt.includes('about capitals'), prompt.includes('\`sure\` (bool)')].join(' ');
}

export { configure, Predict };
`;

let consumer: ConsumerFolder;

beforeAll(async () => {
  consumer = await consumerFolder();
}, 5 * MINUTES);

// Thousands of small files: on a busy disk that takes a while.
afterAll(() => consumer?.remove(), 2 * MINUTES);

function run(project: string, file: string, text: string, line: string) {
  writeFileSync(join(project, file), text);
  return runCommand(line, project);
}

describe('the packed package, installed in an empty folder', { timeout: 2 * MINUTES }, () => {
  it('runs a decorated file of a CommonJS project by npx ts-node', async () => {
    writeFileSync(join(consumer.cjs, 'program.ts'), PROGRAM);
    const main = "import { answerOnce } from './program';\nvoid answerOnce().then((said) => console.log(said));\n";
    const { code, stdout, stderr } = await run(consumer.cjs, 'main.ts', main, 'npx ts-node main.ts');
    expect({ code, stdout: stdout.trim() }, stderr).toEqual({ code: 0, stdout: 'Paris true true true' });
  });

  it('runs a decorated file of an ES module project, with top-level await, by dspex/register', async () => {
    const main = `${PROGRAM}\nconsole.log(await answerOnce());\n`;
    const { code, stdout, stderr } = await run(consumer.esm, 'main.mts', main, 'node --import dspex/register main.mts');
    expect({ code, stdout: stdout.trim() }, stderr).toEqual({ code: 0, stdout: 'Paris true true true' });
  });

  it('lets a notebook import the decorated files of a CommonJS project by name', async () => {
    writeFileSync(join(consumer.cjs, 'program.ts'), PROGRAM);
    const main = `
      import { Predict as Imported } from 'dspex';
      import { answerOnce, Predict } from './program.js';
      console.log(await answerOnce(), Predict === Imported);
    `;
    const line = 'node --import dspex/register notebook.mts';
    const { code, stdout, stderr } = await run(consumer.cjs, 'notebook.mts', main, line);
    expect({ code, stdout: stdout.trim() }, stderr).toEqual({ code: 0, stdout: 'Paris true true true true' });
  });

  it('gives require() and import() the same classes', async () => {
    const main = `
      const { createRequire } = require('node:module');
      Promise.all(['', '/program', '/container', '/testing'].map(async (entry) => {
        const [required, imported] = [require('dspex' + entry), await import('dspex' + entry)];
        return Object.keys(required).filter((name) => required[name] !== imported[name]);
      })).then((differing) => console.log(JSON.stringify(differing.flat()), typeof require('dspex').Predict));
    `;
    const { code, stdout, stderr } = await run(consumer.cjs, 'same.js', main, 'node same.js');
    expect({ code, stdout: stdout.trim() }, stderr).toEqual({ code: 0, stdout: '[] function' });
  });

  it('has each class once, under its own name, whatever entry it is taken from', async () => {
    const main = `
      const [roof, program, clients, testing] = ['', '/program', '/clients', '/testing'].map((at) => require('dspex' + at));
      console.log(JSON.stringify([
        roof.Module === program.Module,
        new testing.DummyLM([]) instanceof roof.LM,
        clients.composeLM(new testing.DummyLM([])) instanceof roof.LM,
        new roof.Predict('a -> b') instanceof program.Module,
        Object.entries(roof).filter(([name, it]) => /^class\\b/.test(String(it)) && it.name !== name).map(([name]) => name),
      ]));
    `;
    // BootstrapRS is a second name of BootstrapFewShotWithRandomSearch, as in the reference.
    const { code, stdout, stderr } = await run(consumer.cjs, 'classes.js', main, 'node classes.js');
    expect({ code, stdout: stdout.trim() }, stderr).toEqual({
      code: 0,
      stdout: '[true,true,true,true,["BootstrapRS"]]',
    });
  });

  it('loads its packages, and the slow modules of Node, when they are first used', async () => {
    const main = `
      const before = new Set(process.moduleLoadList);
      const dspex = require('dspex');
      const files = Object.keys(require.cache).filter((file) => file !== __filename);
      const packages = files.map((file) => file.split('node_modules/').at(-1).split('/')[0]);
      const slow = ['crypto', 'zlib', 'net', 'stream', 'worker_threads', 'child_process', 'http'];
      const loaded = slow.filter((name) => !before.has('NativeModule ' + name) && process.moduleLoadList.includes('NativeModule ' + name));
      dspex.configure({ lm: new (require('dspex/testing').DummyLM)([{ b: 'x' }]) });
      new dspex.Predict('a -> b').call({ a: 'y' }).then(({ b }) => console.log(b));
      console.log(JSON.stringify([[...new Set(packages)].sort(), files.length <= 60, loaded]));
    `;
    const { code, stdout, stderr } = await run(consumer.cjs, 'loaded.js', main, 'node loaded.js');
    expect({ code, said: stdout.trim() }, stderr).toEqual({
      code: 0,
      said: '[["dspex","reflect-metadata"],true,[]]\nx',
    });
  });

  it.each(['index', 'lm/clients/index', 'lm/clients/local/index', 'app/testing/index', 'app/container/index'])(
    'reaches nothing outside of the process when %s is imported',
    async (door) => {
      const built = join(consumer.cjs, '..', 'node_modules', 'dspex', 'dist', 'src', `${door}.js`);
      const watch = join(__dirname, '..', 'setup', 'quiet');
      const line = `node -r ${join(watch, 'watch.cjs')} ${join(watch, 'import.cjs')} ${built}`;
      const { code, stdout, stderr } = await runCommand(line, consumer.cjs);
      expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '[]' });
    },
  );

  it('leads from an error to the line of the source', async () => {
    const main = "new (require('dspex').Predict)('no arrow');\n";
    const { stderr } = await run(consumer.cjs, 'stack.js', main, 'node --enable-source-maps stack.js');
    expect(stderr).toContain('SignatureSyntaxError');
    expect(stderr).toMatch(/dspex\/src\/core\/signatures\/strings\/[a-z-]+\.ts:\d+:\d+/);
  });

  it('brings the command', async () => {
    expect(await runCommand('npx dspex --version', consumer.cjs)).toMatchObject({ code: 0, stdout: '0.1.0\n' });
    expect(await runCommand('npx dspex show', consumer.esm)).toMatchObject({ code: 2, stdout: '' });
    const { code, stdout } = await runCommand('npx dspex --help | head -1', consumer.cjs);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Usage: dspex COMMAND ...\n' });
    // Nobody reads what was wrong; that it was wrong usage is still told.
    const unread = '{ node ../node_modules/.bin/dspex shwo 2>&1; echo $? > code.txt; } | head -c 0; cat code.txt';
    expect(await runCommand(unread, consumer.cjs)).toMatchObject({ code: 0, stdout: '2\n' });
  });

  it('does without packages that are not installed, or names them', async () => {
    const main = `
      const { writeFileSync } = require('node:fs');
      const { DiskCache } = require('dspex/clients');
      const { LocalLM, LocalRuntimeMissingError } = require('dspex/local');
      writeFileSync('model.gguf', Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(4096)]));
      const lm = new LocalLM('model.gguf');
      Promise.all([
        new DiskCache('cache').get('0'.repeat(64)),
        lm.generate(lm.createRequest([{ role: 'user', content: 'x' }])).catch((error) => error),
      ]).then(([kept, error]) => console.log(kept, error instanceof LocalRuntimeMissingError, error.message));
    `;
    const { code, stdout, stderr } = await run(consumer.cjs, 'missing.js', main, 'node missing.js');
    expect({ code }, stderr).toEqual({ code: 0 });
    expect(stdout).toMatch(/^undefined true LocalLM needs the package node-llama-cpp/);
  });

  it('shows a wrong type as one readable line', async () => {
    const main = "import { Predict } from 'dspex';\nawait new Predict('question -> answer').call({ questoin: 'x' });\n";
    const { code, stderr } = await run(consumer.esm, 'wrong.mts', main, 'node --import dspex/register wrong.mts');
    expect(code).toBe(1);
    expect(stderr).toMatch(/wrong\.mts\(2,\d+\): error TS\d+: .*questoin/);
  });
});
