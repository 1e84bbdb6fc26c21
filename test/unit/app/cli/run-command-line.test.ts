import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Predict } from 'dspex';
import { ChainOfThought } from 'dspex/modules';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../../src/app/cli/run-command-line';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dspex-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function said(...line: readonly string[]) {
  let [out, err] = ['', ''];
  const code = await runCommandLine(line, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

describe('the command line', () => {
  it('says what it can do', async () => {
    const { code, out, err } = await said('--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('show PROGRAM.json');
  });

  it('says what one command can do', async () => {
    const { code, out } = await said('show', '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: dspex show PROGRAM\.json \[--json\]/);
  });

  it('says the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, '../../../../package.json'), 'utf8'));
    expect(await said('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it.each<[string, string[], string]>([
    ['no command', [], "dspex: No command is given. See 'dspex --help'."],
    ['an unknown command', ['shwo', 'a.json'], "dspex: There is no command 'shwo'. See 'dspex --help'."],
    ['an unknown option', ['show', 'a.json', '--jsno'], "dspex: Unknown option '--jsno'. See 'dspex --help'."],
    ['a missing word', ['show'], "dspex: 'dspex show' needs PROGRAM.json. Write 'dspex show PROGRAM.json'."],
    ['a word too many', ['show', 'a', 'b'], "dspex: 'dspex show' does not take 'b'. Write 'dspex show PROGRAM.json'."],
  ])('refuses %s with exit code 2, and says why on standard error', async (_what, line, message) => {
    expect(await said(...line)).toEqual({ code: 2, out: '', err: `${message}\n` });
  });
});

describe('dspex show', () => {
  it('shows each predictor of a saved program', async () => {
    const path = join(folder, 'cot.json');
    const program = new ChainOfThought('question -> answer');
    const [[, predictor] = []] = program.namedPredictors();
    if (predictor === undefined) throw new Error('no predictor');
    predictor.demos = [{ question: 'q', reasoning: 'r', answer: 'a' }] as never;
    await program.save(path);
    const { code, out } = await said('show', path);
    expect(code).toBe(0);
    expect(out).toBe(
      `${path}: 1 predictor\n\npredict (1 demo)\n  fields: question, reasoning, answer\n  instructions:\n` +
        '    Given the fields `question`, produce the fields `answer`.\n',
    );
  });

  it('writes JSON for programs', async () => {
    const path = join(folder, 'one.json');
    await new Predict('question -> answer').save(path);
    const { out } = await said('show', path, '--json');
    expect(JSON.parse(out)).toEqual({
      path,
      predictors: [
        {
          path: 'self',
          instructions: 'Given the fields `question`, produce the fields `answer`.',
          fields: ['question', 'answer'],
          demos: 0,
          model: null,
        },
      ],
    });
  });

  it.each<[string, string | undefined, string]>([
    ['no file', undefined, 'does not exist'],
    ['no JSON', '{"a":', 'is damaged or no JSON'],
    ['another JSON file', '{"name":"x","metadata":{}}', 'is not a program that DSPy or dspex saved'],
    ['a state without metadata', '{}', 'is not a program that DSPy or dspex saved'],
  ])('fails with exit code 1 for %s', async (_what, text, problem) => {
    const path = join(folder, 'other.json');
    rmSync(path, { force: true });
    if (text !== undefined) writeFileSync(path, text);
    const { code, out, err } = await said('show', path);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(problem);
    expect(err).toContain(path);
  });
});
