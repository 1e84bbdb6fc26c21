import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Adapter, BAMLAdapter, ChatAdapter, JSONAdapter, XMLAdapter } from 'dspex/adapters';
import type { Module } from 'dspex/program';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DSPY_VERSION, installDspy } from './python/install-dspy';
import { buildProgram, CASES, type Case, tune } from './python/programs';

const MINUTES = 60_000;
const ADAPTERS: readonly Adapter[] = [new ChatAdapter(), new JSONAdapter(), new XMLAdapter(), new BAMLAdapter()];

/** Messages by predictor, then by adapter. */
type Prompts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What Python says of one case: the prompts of the program it saved, those of ours that it loaded, and what it then holds. */
interface Replayed {
  readonly saved: Prompts;
  readonly loaded: Prompts;
  readonly state: object;
}

const folder = mkdtempSync(join(tmpdir(), 'dspex-python-'));
const fileOf = (kind: 'ours' | 'theirs', index: number) => join(folder, `${kind}-${index}.json`);
let results: readonly Replayed[] = [];
let missing: string | undefined;

beforeAll(async () => {
  const python = await installDspy();
  if (typeof python === 'string') {
    if (process.env['CI'] === 'true') throw new Error(`The round trip needs the real DSPy, and ${python}.`);
    missing = python;
    return;
  }
  const tasks = await Promise.all(
    CASES.map(async ({ program, changes, inputs }, index) => {
      const [ours, theirs] = [fileOf('ours', index), fileOf('theirs', index)];
      await tune(buildProgram(program), changes).save(ours);
      return { program, changes, inputs, ours, theirs };
    }),
  );
  const request = join(folder, 'tasks.json');
  writeFileSync(request, JSON.stringify(tasks));
  const { code, stdout, stderr } = await python(`"${resolve(__dirname, 'python/replay.py')}" "${request}"`);
  if (code !== 0) throw new Error(`Python ended with ${code}:\n${stderr.slice(-4000)}`);
  const answer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect(answer.version).toBe(DSPY_VERSION);
  results = answer.results;
}, 20 * MINUTES);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(CASES.map((each, index) => ({ ...each, index })))('$name', ({ program, changes, inputs, index }) => {
  it('saved here loads in Python and gives the same messages there', ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const ours = tune(buildProgram(program), changes);
    expect(results[index]?.loaded).toEqual(promptsOf(ours, inputs));
  });

  it('saved by Python loads here and gives the same messages here', async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const loaded = await buildProgram(program).load(fileOf('theirs', index));
    expect(promptsOf(loaded, inputs)).toEqual(results[index]?.saved);
  });

  it('is the same state in both', ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const { metadata: _ours, ...ours } = JSON.parse(readFileSync(fileOf('ours', index), 'utf8'));
    const { metadata: _theirs, ...theirs } = JSON.parse(readFileSync(fileOf('theirs', index), 'utf8'));
    expect(ours).toEqual(theirs);
    expect(results[index]?.state).toEqual(ours);
  });
});

function promptsOf(program: Module, inputs: Case['inputs']): Prompts {
  const prompts = program.namedPredictors().map(([path, predictor]) => {
    const rendered = ADAPTERS.map((adapter) => [adapter.name, predictor.render(inputs[path] ?? {}, { adapter })]);
    return [path, Object.fromEntries(rendered)];
  });
  return Object.fromEntries(prompts);
}
