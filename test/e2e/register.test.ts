import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from './run-command';

const REGISTER = resolve(__dirname, '../../src/app/register.mjs');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dspex-register-'));
  copyFileSync(REGISTER, join(folder, 'register.mjs'));
  writeFileSync(join(folder, 'main.mts'), 'console.log(1 as number);');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('dspex/register', { timeout: 120_000 }, () => {
  it('says what to install where there is no compiler', async () => {
    const { code, stderr } = await runCommand('node --import ./register.mjs main.mts', folder);
    expect(code).toBe(1);
    expect(stderr).toContain("dspex/register needs the package 'typescript', which is not installed.");
    expect(stderr).toContain('npm install --save-dev ts-node@10 typescript@6');
  });
});
