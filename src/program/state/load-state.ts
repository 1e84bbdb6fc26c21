import { StateMismatchError } from '../../core/errors/state-errors';
import type { LM } from '../../core/ports/lm';
import { lmFromName } from '../../core/settings/environment';
import type { FieldValues } from '../../core/signatures/field-spec';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { checkOptions } from '../../core/util/check-options';
import type { Module } from '../predict/module';
import { isPredictor } from '../predict/module-kind';
import type { Predict } from '../predict/predict';
import { namedPredictors } from '../predict/walk';
import { loadedDemos } from './custom-values';
import { lmOptions, readLMState, rememberOrigin } from './lm-state';

export interface LoadOptions {
  /**
   * `restore` (default) makes the LMs that were pinned when the program was saved, by model name and options; `ignore`
   * leaves the pinned LMs of this program as they are. A file never chooses an endpoint, a key or a class.
   */
  readonly lm?: 'restore' | 'ignore';
  /** Names of the fields of each predictor, where the file tells them; they must agree. */
  readonly fieldNames?: Readonly<Record<string, unknown>>;
}

/** What loading will do to one predictor, once everything is known to be right. */
interface Change {
  readonly predictor: Predict;
  readonly spec: SignatureSpec;
  readonly demos: readonly FieldValues[];
  readonly traces: readonly unknown[];
  readonly train: readonly unknown[];
  readonly lm: LM | undefined;
}

type Report = (problem: string) => void;

/**
 * Puts a saved state into a program: all of it, or nothing and `StateMismatchError` with every difference. Predictors of
 * compiled parts may be missing, because DSPy does not save them.
 */
export function loadState(program: Module, state: unknown, options: LoadOptions = {}): void {
  checkOptions('loadState', options, ['lm', 'fieldNames']);
  const states = byPath(program, state);
  const problems: string[] = [];
  const open = new Set(namedPredictors(program, { skipCompiled: true }).map(([, predictor]) => predictor));
  const changes: Change[] = [];
  for (const [path, predictor] of namedPredictors(program)) {
    const report = (problem: string) => problems.push(`${path}: ${problem}`);
    if (states.has(path)) {
      const names = options.fieldNames?.[path];
      const change = readChange(predictor, states.get(path), { ...options, names, report });
      if (change !== undefined) changes.push(change);
    } else if (open.has(predictor)) {
      report('the state does not have it');
    }
    states.delete(path);
  }
  for (const path of states.keys()) problems.push(`${path}: the program has no such predictor`);
  if (problems.length > 0) throw new StateMismatchError(program.constructor.name, problems);
  for (const { predictor, ...values } of changes) Object.assign(predictor, values);
}

/** The states by the paths of their predictors. */
function byPath(program: Module, state: unknown): Map<string, unknown> {
  const refuse = (problem: string) => new StateMismatchError(program.constructor.name, [problem]);
  if (!isRecord(state)) throw refuse('it is no record');
  const single = 'signature' in state && 'demos' in state;
  if (!isPredictor(program)) {
    if (single) throw refuse('it belongs to a single predictor, not to a program');
    return new Map(Object.entries(state));
  }
  const named = Object.entries(state).flatMap(([path, part]) => (isRecord(part) && 'demos' in part ? [path] : []));
  if (!single && named.length > 0) {
    throw refuse(`it belongs to a program with the predictors ${named.join(', ')}, not to a single predictor`);
  }
  return new Map([['self', state]]);
}

function readChange(
  predictor: Predict,
  state: unknown,
  { names, report, lm: lmMode = 'restore' }: LoadOptions & { readonly names: unknown; readonly report: Report },
): Change | undefined {
  if (!isRecord(state)) return void report('its state is no record');
  if ('extended_signature' in state) {
    return void report('it was saved by DSPy before 2.6; load and save it with DSPy 2.6 or later first');
  }
  const { demos = [], traces = [], train = [] } = state;
  if (!Array.isArray(demos) || !demos.every(isRecord)) return void report('its demos are no list of records');
  if (!Array.isArray(traces) || !Array.isArray(train)) return void report('its traces or train are no lists');
  const spec = readSpec(predictor.spec, state['signature'], names, report);
  const lm = lmMode === 'ignore' ? predictor.lm : readLM(state['lm'], report);
  return spec && { predictor, spec, demos: loadedDemos(predictor.spec, demos), traces, train, lm };
}

function readSpec(spec: SignatureSpec, saved: unknown, names: unknown, report: Report): SignatureSpec | undefined {
  if (!isRecord(saved)) return void report('its state has no signature');
  const { instructions, fields } = saved;
  if (typeof instructions !== 'string') return void report('its instructions are no text');
  if (!Array.isArray(fields) || !fields.every(isSavedField)) {
    return void report('its fields are no list of { prefix, description }');
  }
  const own = spec.fields.map((field) => field.name);
  if (Array.isArray(names) && names.join() !== own.join()) {
    return void report(`it was saved with the fields ${names.join(', ')} and has ${own.join(', ')}`);
  }
  if (fields.length !== own.length) {
    return void report(`it was saved with ${fields.length} fields and has ${own.length} (${own.join(', ')})`);
  }
  const changed = own.reduce((before, name, index) => {
    const { prefix, description } = fields[index] as SavedField;
    const field = before.field(name);
    if (field?.prefix === prefix && field.desc === description) return before;
    return before.withUpdatedField(name, { prefix, desc: description });
  }, spec);
  if (instructions === changed.instructions) return changed;
  // An empty text would mean the default sentence; a program that was saved without instructions has none again.
  return changed.withInstructions(instructions === '' ? ' ' : instructions);
}

function readLM(saved: unknown, report: Report): LM | undefined {
  const state = readLMState(saved);
  if (state === null) return undefined;
  if (typeof state === 'string') return void report(state);
  try {
    return rememberOrigin(lmFromName(state.model, lmOptions(state)), state);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return void report(
      `it was saved with the LM '${state.model}', which cannot be made here (${why}); load with { lm: 'ignore' } to go without`,
    );
  }
}

interface SavedField {
  readonly prefix: string;
  readonly description: string;
}

function isSavedField(field: unknown): field is SavedField {
  return isRecord(field) && typeof field['prefix'] === 'string' && typeof field['description'] === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
