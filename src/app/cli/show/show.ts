import { readFile } from 'node:fs/promises';
import { StateFileError } from '../../../core/errors/state-errors';
import { parseJson } from '../../../core/util/json';
import type { CommandArguments } from '../command';

/** One predictor of a saved program, as `dspex show --json` writes it. */
interface ShownPredictor {
  readonly path: string;
  readonly instructions: string;
  /** Names where the file has them (dspex writes them), else the display names of the reference. */
  readonly fields: readonly string[];
  readonly demos: number;
  readonly model: string | null;
}

/** `dspex show PROGRAM.json`: the predictors of a saved program. Throws `StateFileError`. */
export async function show({ words: [path = ''], json }: CommandArguments): Promise<string> {
  const shown = predictorsOf(path, await read(path));
  if (json) return `${JSON.stringify({ path, predictors: shown }, null, 2)}\n`;
  const head = `${path}: ${shown.length} predictor${shown.length === 1 ? '' : 's'}`;
  return `${[head, ...shown.map(asText)].join('\n\n')}\n`;
}

async function read(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new StateFileError(
      path,
      missing ? 'does not exist. Save a program there first.' : `cannot be read: ${cause}`,
      {
        cause,
      },
    );
  }
  try {
    return record(parseJson(text));
  } catch (cause) {
    throw new StateFileError(path, 'is damaged or no JSON. Save the program again.', { cause });
  }
}

function predictorsOf(path: string, { metadata, ...state }: Record<string, unknown>): ShownPredictor[] {
  const names = record(record(record(metadata)['dspex'])['fields']);
  // A program that is one predictor is saved as that predictor's own state.
  const states = 'signature' in state ? [['self', state] as const] : Object.entries(state);
  const found = states.map(([at, one]) => shownPredictor(at, record(one), names[at]));
  if (metadata === undefined || found.includes(undefined)) {
    throw new StateFileError(path, 'is not a program that DSPy or dspex saved.');
  }
  return found.flatMap((one) => one ?? []);
}

function shownPredictor(path: string, state: Record<string, unknown>, names: unknown): ShownPredictor | undefined {
  const { instructions, fields } = record(state['signature']);
  if (typeof instructions !== 'string' || !Array.isArray(fields)) return undefined;
  const prefixes = fields.map((field) => String(record(field)['prefix'] ?? ''));
  const { model } = record(state['lm']);
  return {
    path,
    instructions,
    fields: Array.isArray(names) ? names.map(String) : prefixes.map((prefix) => prefix.replace(/:$/, '')),
    demos: Array.isArray(state['demos']) ? state['demos'].length : 0,
    model: typeof model === 'string' ? model : null,
  };
}

function asText({ path, instructions, fields, demos, model }: ShownPredictor): string {
  const facts = [`${demos} demo${demos === 1 ? '' : 's'}`, ...(model === null ? [] : [`model ${model}`])];
  const indented = instructions.split('\n').map((line) => `    ${line}`);
  return [`${path} (${facts.join(', ')})`, `  fields: ${fields.join(', ')}`, '  instructions:', ...indented].join('\n');
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
