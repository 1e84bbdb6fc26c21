import type { FieldValues } from '../../core/signatures/field-spec';
import type { ModelType, TypeSpec } from '../../core/signatures/type-spec';
import type { Module } from '../predict/module';
import { isPredictor } from '../predict/module-kind';
import type { Predict } from '../predict/predict';
import { namedPredictors } from '../predict/walk';
import { savedValue } from './custom-values';
import { dumpLM, LM_STATE_TYPE, type LMState } from './lm-state';

/** A predictor as saved: what an optimizer may change. The layout is DSPy's. */
export interface PredictorState {
  readonly traces: readonly unknown[];
  readonly train: readonly unknown[];
  readonly demos: readonly FieldValues[];
  readonly signature: {
    readonly instructions: string;
    /** In the order of the signature: inputs, then outputs. */
    readonly fields: readonly { readonly prefix: string; readonly description: string }[];
  };
  readonly lm: LMState | null;
}

/** A program as saved: the state of each predictor under its path; of a predictor itself, its own state. */
export type ProgramState = PredictorState | { readonly [path: string]: PredictorState };

/** Everything an optimizer may have changed, as plain values. */
export function dumpState(program: Module): ProgramState {
  if (isPredictor(program)) return predictorState(program);
  return Object.fromEntries(namedPredictors(program).map(([path, predictor]) => [path, predictorState(predictor)]));
}

function predictorState({ traces, train, demos, spec, lm }: Predict): PredictorState {
  return {
    traces: savedValue(traces) as readonly unknown[],
    train: savedValue(train) as readonly unknown[],
    demos: demos.map((demo) => savedValue({ ...demo }) as FieldValues),
    signature: {
      instructions: spec.instructions,
      fields: spec.fields.map(({ prefix, desc }) => ({ prefix, description: desc })),
    },
    lm: dumpLM(lm),
  };
}

/** The type of a program's state, which says how its numbers are written. */
export function stateType(program: Module): ModelType {
  if (isPredictor(program)) return predictorStateType(program);
  return record(namedPredictors(program).map(([path, predictor]) => [path, predictorStateType(predictor)]));
}

function predictorStateType({ spec }: Predict): ModelType {
  const demo = record(spec.fields.map((field) => [field.name, field.type]));
  return record([
    ['demos', { kind: 'list', item: demo }],
    ['lm', LM_STATE_TYPE],
  ]);
}

function record(fields: readonly (readonly [name: string, type: TypeSpec])[]): ModelType {
  return { kind: 'model', name: 'state', fields: fields.map(([name, type]) => ({ name, type })) };
}
