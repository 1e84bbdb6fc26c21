import { readLMState } from '../../../src/program/state/lm-state';
import { NamedTypes } from '../decode-type';
import { decodeValue } from '../decode-value';
import type { Deviation } from '../deviations';
import { buildProgram, buildSignature } from '../programs/build-program';
import type { Vector } from '../suite';

/** Deviations of calls and of saved programs. */
export const ENGINE_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'D2',
    title: 'compiled parts of a program stay visible and are saved',
    applies: ({ input }) => JSON.stringify(input.program ?? null).includes('"compiled":true'),
  },
  {
    id: 'D10',
    title: 'an endpoint, a key, a header or an unknown option of an LM is neither saved nor loaded',
    applies: ({ input }) =>
      lmStates(input).some((state) => Object.keys(state).some((name) => !LM_FACTS.includes(name))),
  },
  {
    id: 'D20',
    title: 'a missing or unknown input is an error',
    applies: ({ group, input }) => group === 'predict' && input.calls.some((call: Call) => wrongInputs(input, call)),
  },
  {
    id: 'D21',
    title: 'the declared type, not the value, says whether a number is whole',
    applies: ({ group, input }) =>
      group === 'demos' ? untypedFloats(input) : group === 'predict' && wholeFloats(input),
  },
  {
    id: 'D22',
    title: 'loading changes everything or nothing, for a single predictor too',
    applies: ({ input }) => input.program?.module === 'Predict' && refusesLM(input.file?.content?.lm),
  },
  {
    id: 'D23',
    title: 'a saved signature with another number of fields is refused',
    applies: ({ group, input }) => group === 'load' && otherFieldCount(input),
  },
];

const LM_FACTS = [
  ...['_dspy_lm_class', 'model', 'model_type', 'cache', 'num_retries', 'rollout_id', 'temperature', 'max_tokens'],
  ...['top_p', 'stop', 'seed', 'n', 'frequency_penalty', 'presence_penalty', 'logprobs', 'finetuning_model'],
  ...['launch_kwargs', 'train_kwargs'],
];

interface Call {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly signature?: unknown;
}

function lmStates(input: Vector['input']): readonly object[] {
  const changed = (input.changes ?? []).map((change: { lm?: unknown }) => change.lm);
  const content = input.file?.content;
  const filed = content === undefined || content === null ? [] : [content, ...Object.values(content)];
  const states = [...changed, ...filed.map((part: { lm?: unknown } | null) => part?.lm)];
  return states.filter((state) => typeof state === 'object' && state !== null);
}

function wrongInputs(input: Vector['input'], call: Call): boolean {
  const spec = buildSignature(call.signature ?? input.program.signature);
  const names = spec.inputs.map((field) => field.name);
  const missing = names.some((name) => !(name in call.inputs) && spec.field(name)?.default === undefined);
  return missing || Object.keys(call.inputs).some((name) => !names.includes(name));
}

function untypedFloats(input: Vector['input']): boolean {
  const untyped = JSON.stringify(input.program).includes('"kind":"any"');
  return untyped && /"\$float":"-?\d+(?:\.0|e\+?\d+)"/.test(JSON.stringify(input.changes));
}

function wholeFloats(input: Vector['input']): boolean {
  const spec = buildSignature(input.program.signature);
  const floats = spec.inputs.filter((field) => field.type.kind === 'float');
  return input.calls.some(({ inputs }: Call) => floats.some((field) => Number.isInteger(inputs[field.name])));
}

function refusesLM(state: unknown): boolean {
  return state !== undefined && typeof readLMState(decodeValue(state, new NamedTypes())) === 'string';
}

function otherFieldCount(input: Vector['input']): boolean {
  const { content } = input.file;
  return buildProgram(input.program)
    .program.namedPredictors()
    .some(([path, { spec }]) => {
      const fields = (path === 'self' ? content : content?.[path])?.signature?.fields;
      return Array.isArray(fields) && fields.length !== spec.fields.length;
    });
}
