import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';

const ROOT = resolve(__dirname, '../../..');
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Runs vitest over some test files, as `npm test` does, and gives its last line and exit code. */
function run(files: Readonly<Record<string, string>>): { lastLine: string | undefined; exitCode: number | null } {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.cache', 'tally-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), `import { beforeAll, describe, expect, test } from 'vitest';\n${text}\n`);
  }
  const config = [
    "import { TallyReporter } from '../../test/reporter/tally.mjs';",
    "export default { test: { include: ['*.test.ts'], reporters: ['default', new TallyReporter()] } };",
  ];
  writeFileSync(join(folder, 'vitest.config.mts'), config.join('\n'));
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(VITEST|NODE_OPTIONS)/.test(key)));
  const done = spawnSync(process.execPath, [vitest, 'run', '--root', folder], { cwd: folder, env, encoding: 'utf8' });
  return { lastLine: done.stdout.trimEnd().split('\n').at(-1), exitCode: done.status };
}

test('a good run ends with its count and exit code 0', () => {
  const passing = "test('a', () => expect(1).toBe(1)); test('b', () => expect(2).toBe(2));";
  expect(run({ 'good.test.ts': passing })).toEqual({ lastLine: '2 passed, 0 failed', exitCode: 0 });
});

test('a file that does not parse, a hook that throws and an error after the test are failures too', () => {
  const result = run({
    'good.test.ts': "test('a', () => expect(1).toBe(1));",
    'bad.test.ts': "test('a', () => expect(1).toBe(2));",
    'unreadable.test.ts': 'this is no code',
    'hook.test.ts':
      "describe('x', () => { beforeAll(() => { throw new Error('hook'); }); test('a', () => expect(1).toBe(1)); });",
    'late.test.ts':
      "test('a', async () => { setTimeout(() => { throw new Error('late'); }, 1); await new Promise((done) => setTimeout(done, 30)); });",
  });
  expect(result).toEqual({ lastLine: '2 passed, 4 failed', exitCode: 1 });
});

test('a run without any test is a failed run', () => {
  expect(run({}).exitCode).toBe(1);
});
