import {
  type CallOptions,
  type CheckedSignature,
  type FieldSpec,
  fieldSpec,
  type InputsOf,
  Module,
  type OutputsOf,
  Predict,
  type PredictConfig,
  type SignatureLike,
  type SignatureSpec,
  specOf,
} from 'dspex/program';

/** The spec that `ChainOfThought` asks: the same, with the reasoning before the other outputs. */
type Reasoned<S extends SignatureLike> = SignatureSpec<InputsOf<S>, { reasoning: string } & OutputsOf<S>>;

/**
 * Lets the model reason before it answers: the signature's outputs are preceded by `reasoning`, a text.
 * `new ChainOfThought('question -> answer')`. (DSPy: `dspy.ChainOfThought`; Wei et al. 2022.)
 */
// biome-ignore lint/suspicious/noExplicitAny: S is invariant, so only `any` lets the bare name mean any signature
export class ChainOfThought<const S extends SignatureLike = any> extends Module {
  readonly predict: Predict<Reasoned<S>>;

  /** `config` are generation options of the inner predictor. */
  constructor(signature: CheckedSignature<S>, config: PredictConfig = {}) {
    super();
    const reasoned: Reasoned<S> = specOf<S>(signature).prepend(REASONING);
    this.predict = new Predict<Reasoned<S>>(reasoned, config);
  }

  override async forward(inputs: InputsOf<S>, options: CallOptions = {}) {
    return this.predict.call(inputs, options);
  }
}

const REASONING: FieldSpec = fieldSpec({ name: 'reasoning', role: 'output', type: { kind: 'str' } });
