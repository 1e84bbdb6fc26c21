import type { LM } from '../../core/ports/lm';
import type { LMOptions } from '../../core/primitives/lm-request';
import { nameOfLM } from '../../core/settings/environment';
import { FLOAT, type ModelType } from '../../core/signatures/type-spec';

/** An LM as a saved program names it: model and generation options. Never an endpoint, a key, a header or a class. */
export type LMState = Readonly<Record<string, unknown>> & { readonly model: string };

/** The one LM class a saved program may name. */
const LM_CLASS = 'dspy.clients.lm.LM';

/** Options by their names in saved programs. */
const OPTIONS: readonly (readonly [keyof LMOptions, string])[] = [
  ['temperature', 'temperature'],
  ['maxTokens', 'max_tokens'],
  ['topP', 'top_p'],
  ['stop', 'stop'],
  ['seed', 'seed'],
  ['n', 'n'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['presencePenalty', 'presence_penalty'],
  ['logprobs', 'logprobs'],
];

/** Facts that DSPy saves and dspex has no use for; they are carried along. */
const CARRIED = ['model_type', 'cache', 'num_retries', 'rollout_id'] as const;

/** What an LM that came from a saved program said there. */
const origins = new WeakMap<LM, LMState>();

/** Floats of an LM's state, so that `1` is written as `1.0`. */
export const LM_STATE_TYPE: ModelType = {
  kind: 'model',
  name: 'lm',
  fields: ['temperature', 'top_p', 'frequency_penalty', 'presence_penalty'].map((name) => ({ name, type: FLOAT })),
};

/** What to save of an LM: nothing when there is no name that it could be made from again. */
export function dumpLM(lm: LM | undefined): LMState | null {
  const origin = lm && origins.get(lm);
  const model = lm && (origin?.model ?? nameOfLM(lm));
  if (lm === undefined || model === undefined) return null;
  const {
    temperature = null,
    max_tokens = null,
    ...options
  } = Object.fromEntries(
    OPTIONS.flatMap(([name, saved]) => (lm.defaults[name] === undefined ? [] : [[saved, lm.defaults[name]]])),
  );
  const rolloutId = origin?.['rollout_id'];
  return {
    _dspy_lm_class: LM_CLASS,
    model,
    model_type: origin?.['model_type'] ?? 'chat',
    cache: origin?.['cache'] ?? true,
    num_retries: origin?.['num_retries'] ?? 3,
    temperature,
    max_tokens,
    ...options,
    ...(rolloutId === undefined ? {} : { rollout_id: rolloutId }),
    finetuning_model: null,
    launch_kwargs: {},
    train_kwargs: {},
  };
}

/** The state as it may be used, or a sentence that says why it may not. */
export function readLMState(state: unknown): LMState | string | null {
  if (state === null || state === undefined) return null;
  if (typeof state !== 'object' || Array.isArray(state)) return 'its lm is no record';
  const given = state as Record<string, unknown>;
  const lmClass = given['_dspy_lm_class'] ?? LM_CLASS;
  if (lmClass !== LM_CLASS)
    return `its lm is of the class ${JSON.stringify(lmClass)}; a file cannot bring its own class`;
  const { model } = given;
  if (typeof model !== 'string' || model === '') return 'its lm has no model';
  const kept = [...OPTIONS.map(([, saved]) => saved), ...CARRIED].flatMap((name) =>
    given[name] === undefined || given[name] === null ? [] : [[name, given[name]]],
  );
  return { model, ...Object.fromEntries(kept) };
}

/** Generation options of a state that was read. */
export function lmOptions(state: LMState): LMOptions {
  return Object.fromEntries(OPTIONS.flatMap(([name, saved]) => (saved in state ? [[name, state[saved]]] : [])));
}

/** Remembers where an LM comes from, so that saving it again gives the same bytes. */
export function rememberOrigin(lm: LM, state: LMState): LM {
  origins.set(lm, state);
  return lm;
}
