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

  it('shows a wrong type as one readable line', async () => {
    const main = "import { Predict } from 'dspex';\nawait new Predict('question -> answer').call({ questoin: 'x' });\n";
    const { code, stderr } = await run(consumer.esm, 'wrong.mts', main, 'node --import dspex/register wrong.mts');
    expect(code).toBe(1);
    expect(stderr).toMatch(/wrong\.mts\(2,\d+\): error TS\d+: .*questoin/);
  });
});
