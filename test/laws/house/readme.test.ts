import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(__dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const readme = read('README.md');
const manifest = JSON.parse(read('package.json'));

test('the README begins with the two commands, each one line', () => {
  const commands = [...readme.matchAll(/```sh\n([^`]*)\n```/g)].map((match) => match[1]);
  expect(commands.slice(0, 2)).toEqual(['npm ci && npm run quickstart', 'npm ci && npm test']);
  expect(readme.indexOf(commands[1] as string)).toBeLessThan(readme.indexOf('\n## '));
});

test('the program in the README is the example that runs', () => {
  const shown = /<!-- twenty-lines:begin -->\n```ts\n([\s\S]*?)```\n<!-- twenty-lines:end -->/.exec(readme)?.[1];
  const example = read('examples/twenty-lines.ts').replace(/^\/\/.*\n/gm, '');
  expect(shown).toBe(example);
});

test('the adapter that docs/custom-adapter.md builds is the example that runs', () => {
  const shown = /<!-- example:begin -->\n```ts\n([\s\S]*?)```\n<!-- example:end -->/.exec(
    read('docs/custom-adapter.md'),
  )?.[1];
  expect(shown).toBe(read('examples/custom-adapter.ts').replace(/^\/\/.*\n/gm, ''));
});

test('the README lists every example, and every entry point', () => {
  const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
  const examples = readdirSync(join(ROOT, 'examples')).filter((name) => /\.m?ts$/.test(name));
  const names = [
    ...entries.map((entry) => `\`dspex${entry.slice(1)}\``),
    ...examples.map((name) => `(examples/${name})`),
  ];
  expect(names.filter((name) => !readme.includes(name))).toEqual([]);
});

test('every file that a document links to exists', () => {
  const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  const documents = ['README.md', 'CONTRIBUTING.md', ...pages.map((name) => join('docs', name))];
  const missing = documents.flatMap((document) =>
    [...read(document).matchAll(/\]\(([^)#:]+)\)/g)]
      .map((match) => join(document, '..', match[1] as string))
      .filter((path) => !existsSync(join(ROOT, path)))
      .map((path) => `${document} links to ${path}`),
  );
  expect(missing).toEqual([]);
});

test('every npm script that a document names exists', () => {
  const named = ['README.md', 'CONTRIBUTING.md', '.ci/run'].flatMap((document) =>
    [...read(document).matchAll(/npm run (?:--silent )?([a-z:-]+)/g)].map((match) => match[1] as string),
  );
  expect([...new Set(named)].filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
});

test('the pipeline runs the test command of the README', () => {
  expect(read('.ci/run')).toContain("'npm ci && npm test'");
});
