import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from './run-command';

const ROOT = resolve(__dirname, '../..');
const MINUTE = 60_000;

const FILES = readdirSync(`${ROOT}/examples`).filter((name) => /\.m?ts$/.test(name));
const textOf = (file: string) => readFileSync(`${ROOT}/examples/${file}`, 'utf8');
const lineOf = (file: string) => /^(?:\/\/| \*) Run: `?([^`\n]+)/m.exec(textOf(file))?.[1] ?? '';
const run = (file: string, env?: Record<string, string>) => runCommand(lineOf(file), ROOT, env);

/** A port of the loopback interface where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

describe('every example', () => {
  it.each(FILES)('%s says in its head how it is run', (file) => {
    expect(lineOf(file)).toContain(file.replace(/\.m?ts$/, ''));
  });

  it.each(FILES)('%s is on the menu', (file) => {
    expect(textOf('README.md')).toContain(`(${file})`);
    expect(textOf('README.md')).toContain(lineOf(file));
  });
});

describe.concurrent('an example runs by the line in its head', { timeout: 3 * MINUTE }, () => {
  it('rag answers from what its injected retriever found', async () => {
    const { code, stdout, stderr } = await run('rag.ts');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('Error') });
    expect(stdout).toContain('Model: a script');
    expect(stdout).toContain('  - Augustin Fresnel, a French engineer');
    expect(stdout).toContain('Answer:   Augustin Fresnel (stated, confidence 0.9)');
    expect(stdout).toContain('Answer:   the Jeddah Light (stated');
  });

  it('rag asks the model that DSPEX_LM names, and says so when there is no such provider', async () => {
    const { code, stderr } = await run('rag.ts', { DSPEX_LM: 'nonsense' });
    expect(code).toBe(1);
    expect(stderr).toContain("UnknownProviderError: lm('nonsense') names no known provider.");
  });

  it('di-app serves two tenants, each with its own LM', async () => {
    const { code, stdout } = await run('di-app.ts');
    expect(code).toBe(0);
    expect(stdout).toContain('acme: 200 {"tenant":"acme","model":"acme-small","queue":"billing"');
    expect(stdout).toContain('globex: 200 {"tenant":"globex","model":"globex-large","queue":"technical"');
    expect(stdout).toMatch(/globex: .*Cheers, Globex!/);
    expect(stdout).toContain(`initech: 403 {"error":"no tenant 'initech'"}`);
  });

  it('openai-compatible asks the shipped mock server and then its cache', async () => {
    const { code, stdout } = await run('openai-compatible.ts');
    expect(code).toBe(0);
    expect(stdout).toContain('Feeling: mixed\nReasons: clean room, good breakfast, loud street');
    expect(stdout).toContain('Asked twice: 1 request, 1 answer from the cache');
  });

  it('openai-compatible ends with a named error and exit code 1 where no server listens', async () => {
    const baseUrl = `http://127.0.0.1:${await closedPort()}/v1`;
    const { code, stderr } = await run('openai-compatible.ts', { OPENAI_BASE_URL: baseUrl });
    expect(code).toBe(1);
    expect(stderr).toMatch(/LMTransportError: .*ECONNREFUSED/);
    expect(stderr).not.toContain('    at ');
  });

  it('signatures gives typed outputs, down to instances of nested classes', async () => {
    const { code, stdout } = await run('signatures.ts');
    expect(code).toBe(0);
    expect(stdout).toContain('Model: a script');
    expect(stdout).toContain('kind: fault, products: kettle and lid');
    expect(stdout).toContain('made of the class: true');
  });

  it('media-and-tools shows a picture, a type of its own, and tools with and without function calling', async () => {
    const { code, stdout } = await run('media-and-tools.ts');
    expect(code).toBe(0);
    expect(stdout).toContain('Model: a script');
    expect(stdout).toContain('a private address is refused: true');
    expect(stdout).toContain('user (text+image_url+text)');
    expect(stdout).toContain('weather({"city":"Oslo","days":3})');
    expect(stdout).toContain('days asked for: 1');
  });

  it('adapters asks in four layouts, once more as JSON, and reads an answer in pieces', async () => {
    const { code, stdout } = await run('adapters.ts');
    expect(code).toBe(0);
    expect(stdout).toContain('response format: json_schema');
    expect(stdout).toContain('requests: 2, steps: 3');
    expect(stdout).toContain("{ answer: 'Blue light is scattered most.', sure: true }");
    expect(stdout).toContain('+ Plan for a beginner.');
  });

  it('streaming shows fields while they are written, and ends a call that nobody reads', async () => {
    const { code, stdout } = await run('streaming.ts');
    expect(code).toBe(0);
    expect(stdout).toContain("points so far: [ 'blue light is scattered most', 'the eye' ]");
    expect(stdout).toContain('[predictor write.predict]');
    expect(stdout).toContain('left early: STREAM_STOPPED');
    expect(stdout).toContain(
      'event: result\ndata: {"type":"result","result":"Air scatters blue light. We see the mix."}',
    );
  });

  it('custom-adapter asks in its own layout, is repaired, and keeps the laws', async () => {
    const { code, stdout } = await run('custom-adapter.ts');
    const page = readFileSync(`${ROOT}/docs/custom-adapter.md`, 'utf8');
    expect(code).toBe(0);
    expect(/It prints:\n\n```\n([\s\S]*?)```/.exec(page)?.[1]).toBe(stdout);
  });

  it('notebook runs decorated classes with top-level await', async () => {
    const { code, stdout } = await run('notebook.mts');
    expect(code).toBe(0);
    expect(stdout).toContain('tone: urgent, score: 0.9');
    expect(stdout).toContain('[[ ## message ## ]]');
    expect(stdout).toContain('score: 75 of 100 (4 rows');
  });
});
