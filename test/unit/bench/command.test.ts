import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { ROOT, writeScripts } from '../../../bench/harness/run/built';
import { ROWS } from '../../../bench/rows';

const bench = (...args: string[]) => {
  const line = ['-r', 'ts-node/register/transpile-only', 'bench/main.ts', ...args];
  return spawnSync(process.execPath, line, { cwd: ROOT, encoding: 'utf8' });
};

describe('npm run bench', () => {
  test('--help names every row and measures nothing', () => {
    const { status, stdout } = bench('--help');
    expect(status).toBe(0);
    const lines = stdout.split('\n').map((line) => line.trim().replace(/ +/gu, ' '));
    for (const { id, title } of ROWS) expect(lines).toContain(`${id} ${title}`);
  });

  test('with a mistake says it in one piece, and ends with 2', () => {
    const { status, stdout, stderr } = bench('no-such-row');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^There is no row no-such-row\. There are P1, /u);
    expect(stderr).not.toContain(' at ');
  });
});

test('what is measured is written as JavaScript that can be read, without a trace of TypeScript', () => {
  const folder = writeScripts();
  const written = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  for (const name of ['dspex', 'ax', 'ai-sdk', 'limit'])
    expect(existsSync(join(folder, 'contestants', name, 'main.js'))).toBe(true);
  for (const name of written) {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(() => new Script(`(function () {${text}\n})`, { filename: name })).not.toThrow();
    expect(text).not.toContain('ts-node');
  }
});
