import { DummyLM } from '../../../src/app/testing/dummy-lm';
import { MissingInputError, UnknownInputError } from '../../../src/core/errors/call-errors';
import type { LMOptions, LMRequest } from '../../../src/core/primitives/lm-request';
import { Prediction } from '../../../src/core/primitives/prediction';
import type { Trace } from '../../../src/core/primitives/trace';
import { context } from '../../../src/core/settings/context';
import { withTrace } from '../../../src/core/settings/with-trace';
import { wireMessage } from '../../../src/lm/clients/openai/chat-request';
import { Predict } from '../../../src/program/predict/predict';
import type { NamedTypes } from '../decode-type';
import { decodeValue } from '../decode-value';
import { NotApplicable } from '../not-applicable';
import { buildProgram, buildSignature } from '../programs/build-program';
import { decodeOptions, ScriptedLM } from '../programs/scripted-lm';
import { sameValue } from '../same-value';
import type { Outcome, Suite, Vector } from '../suite';
import { decodeAdapter, expectedOptions, modelOf } from './format';

const GROUPS = ['predict', 'fallback', 'completions', 'chain-of-thought', 'dummy-lm'];

/** Whole calls: requests in their order, predictions, trace; with `maxRepairs: 0`, which is the reference's behaviour. */
export const pipelineSuite: Suite = {
  file: 'pipeline.jsonl',
  covers: (group) => GROUPS.includes(group),
  replay: (vector) => (vector.group === 'dummy-lm' ? replayDummy(vector) : replayCalls(vector)),
};

async function replayCalls({ input, expect }: Vector): Promise<Outcome> {
  const { program, types } = buildProgram(input.program);
  const { model, defaults, capabilities } = modelOf({ supports: {}, ...input.lm }, types);
  const lm = new ScriptedLM(model, defaults, input.script, capabilities);
  const results: unknown[] = [];
  const { trace } = await context({ lm, adapter: decodeAdapter(input.adapter), maxRepairs: 0 }, () =>
    withTrace(async () => {
      for (const call of input.calls) results.push(await outcomeOf(program as Predict, call, types));
    }),
  );
  const actual = {
    requests: lm.requests.map(recordedRequest),
    results,
    trace: recordedTrace(program as Predict, trace),
  };
  const expected = {
    requests: expect.requests.map((request: unknown) => expectedRequest(request, types)),
    results: expect.results.map((result: { error?: unknown }) =>
      result.error === undefined ? decodeValue(result, types) : 'error',
    ),
    trace: decodeValue(expect.trace, types),
  };
  return sameValue(expected, actual) ? { kind: 'equal' } : { kind: 'different', expected, actual };
}

// biome-ignore lint/suspicious/noExplicitAny: a recorded call
async function outcomeOf(program: Predict, call: any, types: NamedTypes): Promise<unknown> {
  if (call.inputs.prediction?.type === 'content' && program.spec?.field('prediction') === undefined) {
    throw new NotApplicable('predicted outputs are an option of the provider: config.extra');
  }
  const given = decodeValue(call.positional?.[0] ?? call.inputs, types) as Record<string, unknown>;
  try {
    const prediction = await program.call(given, {
      ...(call.demos === undefined ? {} : { demos: decodeValue(call.demos, types) as Record<string, unknown>[] }),
      ...(call.config === undefined
        ? {}
        : { config: decodeOptions(decodeValue(call.config, types) as object as never) }),
      ...(call.signature === undefined ? {} : { signature: buildSignature(call.signature, types) }),
    });
    const completions = Prediction.completions(prediction);
    const columns = Object.keys(completions[0] ?? {}).map((name) => [name, completions.map((row) => row[name])]);
    return {
      prediction: { ...prediction },
      ...(completions.length > 1 ? { completions: Object.fromEntries(columns) } : {}),
    };
  } catch (error) {
    if (error instanceof MissingInputError || error instanceof UnknownInputError) return { refused: error.code };
    return 'error';
  }
}

function recordedRequest({ messages, options, rolloutId }: LMRequest): unknown {
  const { extra, ...known } = options;
  // The recorder left nulls out.
  const given = Object.entries({ ...known, ...extra, rolloutId }).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return { messages: messages.map(wireMessage), options: Object.fromEntries(given) };
}

// biome-ignore lint/suspicious/noExplicitAny: a recorded request
function expectedRequest({ messages, kwargs }: any, types: NamedTypes): unknown {
  const { extra, ...options } = expectedOptions(kwargs, types) as LMOptions;
  return { messages, options: { ...options, ...extra } };
}

function recordedTrace(program: Predict, trace: Trace): unknown {
  const names = new Map<object, string>(program.namedPredictors().map(([path, predictor]) => [predictor, path]));
  return trace.map(({ predictor, inputs, prediction }) => ({
    predictor: names.get(predictor) ?? '?',
    inputs,
    outputs: { ...prediction },
  }));
}

async function replayDummy({ input, expect }: Vector): Promise<Outcome> {
  const { reasoning, adapter: name, follow_examples: followExamples = false, ...others } = input.options;
  const later = Object.keys(others)[0];
  if (later !== undefined) throw new NotApplicable(`later issue: the option '${later}' of the scripted LM`);
  const adapter = name === undefined ? undefined : decodeAdapter({ name, options: {} });
  const lm = new DummyLM(input.answers, {
    exhausted: 'answer',
    followExamples,
    ...(adapter === undefined ? {} : { adapter }),
    ...(reasoning === true ? { reasoning: 'Some reasoning' } : {}),
  });
  const predict = new Predict(buildSignature(input.signature));
  const outputs: unknown[] = [];
  const generate = lm.generate.bind(lm);
  lm.generate = async (request, scope) => {
    const response = await generate(request, scope);
    outputs.push(
      response.completions.map(({ text, reasoning: thought }) =>
        thought === undefined ? text : { text, reasoning_content: thought },
      ),
    );
    return response;
  };
  const results: unknown[] = [];
  await context({ lm, maxRepairs: 0, ...(adapter === undefined ? {} : { adapter }) }, async () => {
    for (const { inputs, demos = [], config = {} } of input.calls) {
      const call = predict.call(inputs, { demos, config: decodeOptions(config) });
      results.push(
        await call.then(
          (prediction) => ({ prediction: { ...prediction } }),
          () => 'error',
        ),
      );
    }
  });
  const expected = {
    outputs: expect.outputs,
    results: expect.results.map((result: { error?: unknown }) => (result.error === undefined ? result : 'error')),
  };
  const actual = { outputs, results };
  return sameValue(expected, actual) ? { kind: 'equal' } : { kind: 'different', expected, actual };
}
