import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { StateFileError, StateMismatchError } from '../../core/errors/state-errors';
import { parseJson } from '../../core/util/json';
import { writeFileAtomic } from '../../core/util/write-file-atomic';
import type { Module } from '../predict/module';
import { namedPredictors } from '../predict/walk';
import { dumpState, stateType } from './dump-state';
import { jsonText } from './json-text';
import { type LoadOptions, loadState } from './load-state';

/** The versions whose layout is written. DSPy compares them with its own, and warns when they differ. */
const DEPENDENCY_VERSIONS = { python: '3.11', dspy: '3.4.1', cloudpickle: '3.1' };
/** The version of what dspex adds to the layout. */
const LAYOUT = 1;

/** The text of a saved program: DSPy's layout, with the names of the fields added under `metadata.dspex`. */
export function stateText(program: Module): string {
  const fields = Object.fromEntries(
    namedPredictors(program).map(([path, { spec }]) => [path, spec.fields.map((field) => field.name)]),
  );
  const metadata = { dependency_versions: DEPENDENCY_VERSIONS, dspex: { layout: LAYOUT, fields } };
  return jsonText({ ...dumpState(program), metadata }, stateType(program), program.constructor.name);
}

/** Writes the program's state, wholly or not at all. Throws `StateFileError` and `UnsavableValueError`. */
export async function saveProgram(program: Module, path: string): Promise<void> {
  checkSuffix(path, 'cannot be written');
  await writeFileAtomic(path, stateText(program));
}

/** Reads a saved program into `program`, wholly or not at all. Throws `StateFileError` and `StateMismatchError`. */
export async function loadProgram(program: Module, path: string, options: LoadOptions = {}): Promise<void> {
  checkSuffix(path, 'cannot be read');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const missing = (cause as { code?: unknown }).code === 'ENOENT';
    throw new StateFileError(
      path,
      missing ? 'does not exist. Save a program there first.' : `cannot be read: ${cause}`,
      {
        cause,
      },
    );
  }
  loadText(program, path, text, options);
}

/** Reads the text of a saved program; `path` is for errors. */
export function loadText(program: Module, path: string, text: string, options: LoadOptions = {}): void {
  let saved: unknown;
  try {
    saved = parseJson(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StateFileError(path, `is damaged or no JSON (${why}). Save the program again.`, { cause });
  }
  const { metadata, ...state } = (typeof saved === 'object' && saved !== null ? saved : {}) as {
    metadata?: { dspex?: { layout?: unknown; fields?: Record<string, unknown> } };
  };
  if (typeof metadata !== 'object' || metadata === null) {
    throw new StateFileError(path, "has no 'metadata', so it is not a program that DSPy or dspex saved.");
  }
  const { layout = LAYOUT, fields } = metadata.dspex ?? {};
  if (layout !== LAYOUT) {
    throw new StateFileError(path, `has the layout ${String(layout)}; this dspex reads ${LAYOUT}. Update dspex.`);
  }
  try {
    loadState(program, state, { ...(fields === undefined ? {} : { fieldNames: fields }), ...options });
  } catch (error) {
    if (!(error instanceof StateMismatchError)) throw error;
    throw new StateMismatchError(`${program.constructor.name} (${path})`, error.problems);
  }
}

function checkSuffix(path: string, problem: string): void {
  if (extname(path) === '.json') return;
  const remedy =
    extname(path) === '.pkl'
      ? 'Pickle files run code when they are read; in Python, save the program as .json.'
      : 'The name of a saved program ends with .json.';
  throw new StateFileError(path, `${problem}. ${remedy}`);
}
