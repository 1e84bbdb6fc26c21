import type { FieldValues } from '../signatures/field-spec';
import { defineFields } from '../util/define-fields';
import type { LMResponse } from './lm-response';
import { NO_USAGE, type Usage } from './usage';

/** What a prediction knows beside its outputs. */
export interface PredictionExtras {
  /** The inputs of the call. */
  readonly inputs?: FieldValues;
  /** All parsed completions, the first one included. */
  readonly completions?: readonly FieldValues[];
  /** The answer as the model gave it. */
  readonly response?: LMResponse;
  readonly usage?: Usage;
}

const NO_EXTRAS: PredictionExtras = Object.freeze({});

/** Outputs as plain own properties; the extras are getters of the prototype, so an output of the same name wins. */
export type Prediction<O = FieldValues> = O & Omit<PredictionRow, keyof O>;

/** The getters of a prediction. `Prediction.usage(p)` and its twins reach them whatever the outputs are called. */
export class PredictionRow {
  readonly #extras: PredictionExtras;

  constructor(outputs: object, extras: PredictionExtras = NO_EXTRAS) {
    this.#extras = extras;
    defineFields(this, outputs, true);
  }

  /** The extras of a prediction; none of any other object. Reached by `Prediction`. */
  static extrasOf(prediction: object): PredictionExtras {
    return #extras in prediction ? prediction.#extras : NO_EXTRAS;
  }

  /** All parsed completions, one record each; the first holds this prediction's own outputs. */
  get completions(): readonly FieldValues[] {
    return Prediction.completions(this);
  }

  /** Tokens and calls that this prediction cost. */
  get usage(): Usage {
    return Prediction.usage(this);
  }

  /** True when the model was cut off at `maxTokens`: the last field may be shorter than it was meant to be. */
  get truncated(): boolean {
    return Prediction.truncated(this);
  }

  /** The output named `score` when there is one; an own property, so this getter only answers when there is none. */
  get score(): number | undefined {
    return undefined;
  }
}

const { extrasOf } = PredictionRow;

/** Makes predictions and reaches their extras. */
export const Prediction = {
  of<O extends object>(outputs: O, extras: PredictionExtras = {}): Prediction<O> {
    return new PredictionRow(outputs, extras) as object as Prediction<O>;
  },

  is(value: unknown): value is PredictionRow {
    return value instanceof PredictionRow;
  },

  inputs(prediction: object): FieldValues {
    return extrasOf(prediction).inputs ?? {};
  },

  completions(prediction: object): readonly FieldValues[] {
    return extrasOf(prediction).completions ?? [{ ...prediction }];
  },

  response(prediction: object): LMResponse | undefined {
    return extrasOf(prediction).response;
  },

  /** True when any of the completions was cut off at `maxTokens`. */
  truncated(prediction: object): boolean {
    const completions = extrasOf(prediction).response?.completions ?? [];
    return completions.some(({ finishReason }) => finishReason === 'length');
  },

  usage(prediction: object): Usage {
    return extrasOf(prediction).usage ?? NO_USAGE;
  },
} as const;
