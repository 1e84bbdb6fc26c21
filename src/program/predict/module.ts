import { InvalidInputsError } from '../../core/errors/call-errors';
import { SeveralLMsError } from '../../core/errors/state-errors';
import { abortSourceOf } from '../../core/ports/call-scope';
import type { LM } from '../../core/ports/lm';
import { runInAbortScope } from '../../core/settings/abort-scope';
import { explainSettings, type SettingsExplanation } from '../../core/settings/explain';
import {
  copyOfFrame,
  currentFrame,
  type FrameInTheMaking,
  type Overlay,
  runInExactFrame,
} from '../../core/settings/frame';
import { homeOf } from '../../core/settings/home';
import { inSpan, isTold } from '../../core/settings/in-span';
import { checkSettings, type Settings } from '../../core/settings/settings';
import { dumpState, type ProgramState } from '../state/dump-state';
import { type LoadOptions, loadState } from '../state/load-state';
import { loadProgram, saveProgram } from '../state/state-file';
import { type CallOptions, checkCallOptions } from './call-options';
import { cloneModule } from './clone';
import { historyOf } from './history';
import { type InspectHistoryOptions, showHistory } from './inspect-history';
import { isPredictor, MODULE } from './module-kind';
import type { Predict } from './predict';
import { type PromptSamples, type Prompts, promptsOf } from './show/prompts';
import { type StreamOptions, startStream } from './stream/start-stream';
import type { StreamArguments, StreamOf } from './stream/stream';
import { type NamedPredictor, namedPredictors, namedSubModules, replacePredictors, type WalkOptions } from './walk';

const COMPILED: unique symbol = Symbol('dspex.compiled');
const PINNED: unique symbol = Symbol('dspex.pinned');

/** The arguments of `call` for a `forward`: its inputs, then the options of the call. */
export type CallArguments<F> = F extends (...args: infer P) => unknown
  ? P extends []
    ? [inputs?: Record<string, never>, options?: CallOptions]
    : P extends [infer I, ...unknown[]]
      ? [inputs: I, options?: CallOptions]
      : [inputs?: P[0], options?: CallOptions]
  : never;

/** What `call` gives for a `forward`. */
export type CallResult<F> = F extends (...args: never) => infer R ? Promise<Awaited<R>> : never;

/**
 * A program: predictors and other modules as attributes, put to work by `forward`. Write `forward`, call `call`: it
 * takes exactly `forward`'s inputs and gives its result. Attributes are what optimizers and saved programs see, so keep
 * predictors in ordinary attributes, arrays, maps or plain objects. (DSPy: `dspy.Module`.)
 */
export abstract class Module {
  /**
   * What the program does. Called by `call` only; calling it yourself skips settings, trace and abort scope.
   * `options` are the options of the call, for modules that hand them on.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the inputs are the subclass's own; `call` takes their type from there
  abstract forward(inputs: any, options?: CallOptions): unknown;

  /**
   * A new instance built from the same constructor arguments, for classes with `#private` fields: a copy of a module is
   * made without its constructor, which is where such fields come from. Attributes are copied over it.
   */
  recreate?(): this;

  /** Runs the program on `inputs`. Leaving it, by result or error, aborts what it started and did not await. */
  call(...args: CallArguments<this['forward']>): Promise<Awaited<ReturnType<this['forward']>>>;
  call(inputs: unknown = {}, options: CallOptions = {}): Promise<unknown> {
    return run(this, inputs, options);
  }

  /**
   * Runs the program as `call` does and follows it: its events by `for await`, its result by `result`. Leaving the loop aborts
   * the call. Throws `UnknownOptionError` or `InvalidOptionError` at once.
   */
  stream(...args: StreamArguments<this['forward']>): StreamOf<this>;
  stream(inputs: unknown = {}, options: StreamOptions = {}): unknown {
    return startStream(this, inputs, options);
  }

  /** Each setting as it would hold in a call from here: its value, who supplied it, what that shadows. */
  explainSettings(): SettingsExplanation {
    return runInExactFrame(frameOf(this, {}), () => explainSettings(this));
  }

  /** The predictors inside, each with its path, in DSPy's order. Paths are the keys of saved programs. */
  namedPredictors(options: WalkOptions = {}): NamedPredictor[] {
    return namedPredictors(this, options);
  }

  /** The predictors inside, in DSPy's order. */
  predictors(options: WalkOptions = {}): Predict[] {
    return namedPredictors(this, options).map(([, predictor]) => predictor);
  }

  /** Every module inside, this one first as `self`, breadth first. */
  namedSubModules(options: WalkOptions = {}): [path: string, module: Module][] {
    return namedSubModules(this, options);
  }

  /** Replaces the predictors inside by what `change` makes of them. Returns this module. */
  mapPredictors(change: (predictor: Predict, path: string) => Predict): this {
    replacePredictors(this, change);
    return this;
  }

  /** Pins an LM on every predictor inside; `undefined` unpins. Returns this module. */
  setLM(lm: LM | undefined): this {
    for (const predictor of this.predictors()) predictor.lm = lm;
    return this;
  }

  /** The LM pinned on all predictors, or `undefined` when none is. Throws `SeveralLMsError` when they differ. */
  getLM(): LM | undefined {
    const lms = new Set(this.predictors().map((predictor) => predictor.lm));
    if (lms.size > 1) throw new SeveralLMsError([...lms].map((lm) => lm?.model ?? 'none'));
    return [...lms][0];
  }

  /** A copy with predictors of its own; everything that is no module is shared with the original. */
  clone(): this {
    return cloneModule(this);
  }

  /** A copy whose predictors have lost demos, traces and pinned LMs; compiled parts keep theirs (DSPy: `reset_copy`). */
  resetCopy(): this {
    const copy = this.clone();
    for (const predictor of copy.predictors({ skipCompiled: true })) predictor.reset();
    return copy;
  }

  /** A copy with these settings fixed: they beat `context()` and yield to options of a call. */
  with(settings: Settings): this {
    const { lm, adapter, ...others } = checkSettings(`${this.constructor.name}.with`, settings);
    const copy = this.clone();
    for (const predictor of copy.predictors()) {
      if (lm !== undefined) predictor.lm = typeof lm === 'string' ? undefined : lm;
      if (adapter !== undefined) predictor.adapter = adapter;
    }
    const slot = copy as { [PINNED]?: Settings };
    const named = typeof lm === 'string' ? { lm } : {};
    hide(copy, PINNED, Object.freeze({ ...slot[PINNED], ...others, ...named }));
    return copy;
  }

  /** True once `markCompiled` was called: inside another program this module is visible but optimizers leave it alone. */
  get compiled(): boolean {
    return (this as { [COMPILED]?: boolean })[COMPILED] ?? false;
  }

  /** Marks this module as optimized, or with `false` as open to optimizers again. Returns this module. */
  markCompiled(compiled = true): this {
    hide(this, COMPILED, compiled);
    return this;
  }

  /** Everything an optimizer may have changed, as plain values in DSPy's layout. */
  dumpState(): ProgramState {
    return dumpState(this);
  }

  /** Puts a state into this program, wholly or not at all. Throws `StateMismatchError` with every difference. */
  loadState(state: unknown, options: LoadOptions = {}): this {
    loadState(this, state, options);
    return this;
  }

  /** Saves what an optimizer may have changed as JSON that DSPy reads too. The path ends with `.json`. */
  async save(path: string): Promise<void> {
    await saveProgram(this, path);
  }

  /** Loads a program saved by dspex or DSPy, wholly or not at all. Throws `StateFileError` and `StateMismatchError`. */
  async load(path: string, options: LoadOptions = {}): Promise<this> {
    await loadProgram(this, path, options);
    return this;
  }

  /**
   * The messages that each predictor inside would send now, by its path, without calling anything. `samples` gives inputs
   * by path; an input it leaves out stands as its name in braces, `{question}`.
   */
  prompts(samples: PromptSamples = {}): Prompts {
    return runInExactFrame(frameOf(this, {}), () => promptsOf(this, samples));
  }

  /** Prints the last `n` prompts and answers of this module, and returns the text. */
  inspectHistory(n = 1, options: InspectHistoryOptions = {}): string {
    return showHistory(historyOf(this, n), options);
  }
}

// Not a member: a symbol in the type of a class stops users' functions from returning classes that extend it.
Object.defineProperty(Module.prototype, MODULE, { value: true });

function run(module: Module, inputs: unknown, options: CallOptions): Promise<unknown> {
  const owner = module.constructor.name;
  try {
    if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) {
      throw new InvalidInputsError(owner, inputs);
    }
    checkCallOptions(owner, options);
  } catch (error) {
    return Promise.reject(error);
  }
  const { deadlineMs } = options;
  // Not `options.signal`, which would make a signal of the platform where the options have one on demand.
  const signal = abortSourceOf(options);
  const frame = frameOf(module, options);
  return runInAbortScope({ owner, signal, deadlineMs, frame, mayBeLeft: true }, () =>
    forwarded(module, inputs, options),
  );
}

/** `forward`, told to whoever listens or follows. */
function forwarded(module: Module, inputs: object, options: CallOptions): unknown {
  const kind = isPredictor(module) ? 'predictor' : 'module';
  if (!isTold(kind)) return module.forward(inputs, options);
  return inSpan(
    kind,
    () => ({
      name: module.constructor.name,
      ...(isPredictor(module) ? { signature: module.spec.signature, demos: module.demos.length } : {}),
    }),
    () => module.forward(inputs, options),
  );
}

/** The frame of a call of `module`: its home, what `with` fixed on it, and the options of the call, over what surrounds it. */
function frameOf(module: Module, { lm, adapter, config }: CallOptions): FrameInTheMaking {
  const outer = currentFrame();
  const frame = copyOfFrame(outer);
  frame.home = homeOf(module) ?? outer.home;
  frame.pinned = laidOver(outer.pinned, (module as { [PINNED]?: Settings })[PINNED]);
  if (lm !== undefined || adapter !== undefined) {
    const values = { ...(lm === undefined ? {} : { lm }), ...(adapter === undefined ? {} : { adapter }) };
    frame.call = laidOver(outer.call, values);
  }
  if (config !== undefined) frame.config = { ...outer.config, ...config };
  frame.modules = { module, outer: outer.modules, outermost: outer.modules?.outermost ?? module };
  return frame;
}

function laidOver(outer: Overlay | undefined, values: Settings | undefined): Overlay | undefined {
  return values === undefined ? outer : { values, outer };
}

/** Bookkeeping lives under symbols that neither walks nor users see, but copies of the module do. */
function hide(module: object, key: symbol, value: unknown): void {
  Object.defineProperty(module, key, { value, enumerable: false, configurable: true, writable: true });
}
