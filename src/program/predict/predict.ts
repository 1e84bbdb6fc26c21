import { InvalidOptionError } from '../../core/errors/option-errors';
import type { Adapter } from '../../core/ports/adapter';
import type { LM } from '../../core/ports/lm';
import type { Message } from '../../core/primitives/message';
import { Prediction } from '../../core/primitives/prediction';
import { currentFrame } from '../../core/settings/frame';
import { homeOf } from '../../core/settings/home';
import { resolveAdapter, resolveLM, resolveSetting, settingIn } from '../../core/settings/resolve';
import { setDefaultAdapter } from '../../core/settings/settings';
import { addTraceSteps } from '../../core/settings/with-trace';
import type { FieldValues } from '../../core/signatures/field-spec';
import type { CheckedSignature, InputsOf, OutputsOf, SignatureLike } from '../../core/signatures/infer';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { specOf } from '../../core/signatures/spec-of';
import { ChatAdapter } from '../../lm/adapters/chat-adapter';
import { finishedMessages } from '../../lm/adapters/marked-parts';
import { type Answer, answer, type Question } from './answer';
import { type CallOptions, checkConfig, type PredictConfig } from './call-options';
import { checkInputs } from './check-inputs';
import { Module } from './module';
import { markAsData, PREDICTOR } from './module-kind';
import { bindTools } from './tool-calls';

setDefaultAdapter(new ChatAdapter());
bindTools();
const NO_DEMOS: readonly FieldValues[] = markAsData(Object.freeze([]));

/**
 * One step done by a language model: the inputs of a signature in, its outputs out.
 * `new Predict('question -> answer')`, `new Predict(AnswerFromPassages, { temperature: 0.7, n: 5 })`.
 * Everything an optimizer may change is a property. (DSPy: `dspy.Predict`.)
 */
// biome-ignore lint/suspicious/noExplicitAny: S is invariant, so only `any` lets the bare name mean a predictor of any signature
export class Predict<const S extends SignatureLike = any> extends Module {
  /** Static types only; there is no such property at run time. */
  declare readonly $types: { readonly inputs: InputsOf<S>; readonly outputs: OutputsOf<S> };

  /** Instructions and fields of this step; replace it to change them. */
  spec: SignatureSpec;
  /** Generation options over the LM's defaults and under those of a call. */
  config: PredictConfig;
  /** The LM pinned on this predictor; it beats `context()` and the settings behind it. */
  lm: LM | undefined;
  /** The adapter pinned on this predictor. */
  adapter: Adapter | undefined;
  /** Calls and data that DSPy's saved programs carry along; dspex keeps them and never reads them. */
  traces: readonly unknown[] = [];
  train: readonly unknown[] = [];
  private shown: readonly FieldValues[] = NO_DEMOS;

  constructor(signature: CheckedSignature<S>, config: PredictConfig = {}) {
    super();
    checkConfig('Predict', config);
    this.spec = specOf(signature as SignatureLike) as unknown as SignatureSpec;
    this.config = Object.freeze({ ...config });
    this.lm = undefined;
    this.adapter = undefined;
  }

  /** Demonstrations shown before the inputs. Frozen when set, so copies of the program can share them. */
  get demos(): readonly FieldValues[] {
    return this.shown;
  }

  set demos(demos: readonly FieldValues[]) {
    this.shown = frozenDemos('Predict', demos);
  }

  override forward(inputs: InputsOf<S>, options: CallOptions = {}): Promise<Prediction<OutputsOf<S>>> {
    try {
      const question = this.question(inputs, options);
      return answer(question, (answered) => this.predicted(question, answered)) as Promise<Prediction<OutputsOf<S>>>;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  private question(inputs: InputsOf<S>, options: CallOptions): Question {
    const { spec, demos, checked } = this.prepare(inputs, options);
    const home = homeOf(this);
    const lm = resolveLM({ call: options.lm, pinned: this.lm, home });
    const frame = currentFrame();
    const { watcher, config } = frame;
    return {
      follower: watcher?.follow(this, spec),
      spec,
      demos,
      inputs: checked,
      lm,
      adapter: this.adapterFor(lm, options),
      config:
        config === undefined && options.config === undefined
          ? this.config
          : { ...this.config, ...config, ...options.config },
      maxRepairs: settingIn(frame, 'maxRepairs', home && { home }) ?? 0,
    };
  }

  private predicted({ inputs, follower }: Question, answered: Answer): Prediction | Promise<Prediction> {
    const { completions, response, usage } = answered;
    const prediction = Prediction.of(completions[0] ?? {}, { inputs, completions, response, usage });
    addTraceSteps({ predictor: this, inputs, prediction });
    if (follower === undefined) return prediction;
    return Promise.resolve(follower.predicted(prediction)).then(() => prediction);
  }

  /** The messages that `call` would send first, without calling anything. */
  render(inputs: InputsOf<S>, options: CallOptions = {}): readonly Message[] {
    const { spec, demos, checked } = this.prepare(inputs, options);
    const { value: lm } = resolveSetting('lm', { call: options.lm, pinned: this.lm, home: homeOf(this) });
    const adapter = this.adapterFor(lm, options);
    if (lm === undefined) return finishedMessages(adapter.format(spec, demos, checked));
    const call = adapter.preprocess({ spec, inputs: checked, options: { ...this.config, ...options.config } }, lm);
    return finishedMessages(adapter.format(call.spec, demos, call.inputs));
  }

  /** Forgets demos, traces and the pinned LM; keeps signature, options and adapter. */
  reset(): void {
    this.demos = [];
    this.traces = [];
    this.train = [];
    this.lm = undefined;
  }

  private prepare(inputs: unknown, options: CallOptions) {
    const spec = options.signature === undefined ? this.spec : (specOf(options.signature) as unknown as SignatureSpec);
    const demos = options.demos === undefined ? this.demos : frozenDemos('Predict.call', options.demos);
    return { spec, demos, checked: checkInputs(spec, inputs as FieldValues) };
  }

  private adapterFor(lm: LM | undefined, options: CallOptions): Adapter {
    return resolveAdapter(lm, { call: options.adapter, pinned: this.adapter, home: homeOf(this) });
  }
}

// Not a member, for the same reason as in `Module`.
Object.defineProperty(Predict.prototype, PREDICTOR, { value: true });

/** Unchanged when list and records are frozen already, so that prompts made of them can be kept by identity. */
function frozenDemos(owner: string, demos: readonly FieldValues[]): readonly FieldValues[] {
  if (!Array.isArray(demos)) throw new InvalidOptionError(owner, 'demos', demos, 'a list of records of fields');
  if (Object.isFrozen(demos) && demos.every((demo) => Object.isFrozen(demo))) return markAsData(demos);
  return markAsData(Object.freeze(demos.map((demo) => (Object.isFrozen(demo) ? demo : Object.freeze({ ...demo })))));
}
