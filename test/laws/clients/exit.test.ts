import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { startMockServer } from 'dspex/testing';
import { expect, test } from 'vitest';

const ROOT = resolve(__dirname, '../../..');

test('a script that makes a call and closes nothing ends by itself', async () => {
  await using server = await startMockServer({ respond: 'a word' });
  const script = `
    const { lm, pool, hedged } = require('./src/lm/clients');
    const one = lm('m', { baseUrl: process.argv[1] });
    const model = hedged(pool([one]), { afterMs: 60000 });
    model.generate(model.createRequest([{ role: 'user', content: 'q' }]))
      .then(({ completions }) => console.log(completions[0].text));`;
  const args = ['--conditions=source', '-r', 'ts-node/register/transpile-only', '-e', script, server.url];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, timeout: 50_000 });
  expect(stdout.trim()).toBe('a word');
});
