// Installs the packed package in two empty projects outside the repository, an ES module one and a CommonJS one, and runs
// decorated TypeScript there by every way the README names. Nothing of this checkout is in reach but the tarball.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const TOOLS = ['typescript', 'ts-node', '@types/node', 'inversify'].map((name) => `${name}@${devDependencies[name]}`);

const COMPILER_OPTIONS = {
  target: 'ES2022',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  useDefineForClassFields: false,
  isolatedModules: true,
  types: ['node'],
  outDir: 'dist',
};

/** A program by decorators and one by string, answered by a scripted model. */
const program = (main) => `
import { ChainOfThought, configure, Instructions, Input, Output, Predict, Signature } from 'dspex';
import { dspex } from 'dspex/container';
import { DummyLM } from 'dspex/testing';

@Instructions('Answer in one word.')
class QA extends Signature {
  @Input() readonly question!: string;
  @Output() answer!: string;
}

${main.replace(
  'BODY',
  `
  configure({ lm: new DummyLM([{ answer: 'Paris' }, { score: 0.5 }, { reasoning: 'r', answer: 'Rome' }]) });
  const { answer }: { answer: string } = await new Predict(QA).call({ question: 'The capital of France?' });
  const { score }: { score: number } = await new Predict('text -> score: float').call({ text: 'so so' });
  const chain = await new ChainOfThought(QA).call({ question: 'The capital of Italy?' });
  console.log(JSON.stringify([answer, score, chain.answer, typeof dspex]));
`,
)}
`;
const EXPECTED = '["Paris",0.5,"Rome","function"]';

const WAYS = [
  {
    type: 'commonjs',
    files: { 'main.ts': program('async function main(): Promise<void> {BODY}\nvoid main();') },
    commands: ['npx ts-node main.ts', 'npx tsc -p .', 'node dist/main.js'],
  },
  {
    type: 'module',
    files: { 'main.mts': program('BODY') },
    commands: ['node --import dspex/register main.mts', 'npx tsc -p .', 'node dist/main.mjs'],
  },
];

/** An environment without the settings of the npm run that we are part of. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([key]) => key !== 'NODE_OPTIONS' && !/^npm_(config_(node_options|ignore_scripts)|package|lifecycle)/.test(key),
  ),
);

function run(command, cwd) {
  const [file, ...args] = command.split(' ');
  const done = spawnSync(file, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (done.status !== 0) throw new Error(`${command}\n${done.stdout}${done.stderr}`);
  return done.stdout.trim();
}

const folder = mkdtempSync(join(tmpdir(), 'dspex-pack-'));
try {
  const tarball = join(
    folder,
    run(`npm pack --silent --pack-destination ${folder} ${resolve('.')}`, folder)
      .split('\n')
      .at(-1),
  );
  for (const { type, files, commands } of WAYS) {
    const cwd = join(folder, type);
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: `a-${type}-project`, private: true, type }));
    writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    run(`npm install --no-audit --no-fund ${tarball} ${TOOLS.join(' ')}`, cwd);
    for (const command of commands) {
      const output = run(command, cwd);
      if (!command.includes('tsc') && output !== EXPECTED) throw new Error(`${command}: ${output} is not ${EXPECTED}`);
      console.log(`${type}: ${command}: ok`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
