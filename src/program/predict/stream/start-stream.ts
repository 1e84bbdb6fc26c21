import { InvalidOptionError } from '../../../core/errors/option-errors';
import { currentFrame, currentModules, runInFrame } from '../../../core/settings/frame';
import type { AnswerWatcher, WatchedStatus, Watcher } from '../../../core/settings/watcher';
import type { SignatureSpec } from '../../../core/signatures/signature-spec';
import { wholeNumber } from '../../../core/util/check-options';
import { CallStream, STREAM_LIMITS } from '../../../core/util/streams/call-stream';
import { type CallOptions, checkCallOptions } from '../call-options';
import type { Module } from '../module';
import type { Predict } from '../predict';
import { AnswerFollower, type Tell } from './answer-follower';
import type { AnyEvent } from './events';

/** What may be given to `stream` beside the inputs: the options of a call, and which events are wanted. */
export interface StreamOptions extends CallOptions {
  /** Only the events of these predictors, given by path or by themselves; the others are not streamed. Status events always come. */
  readonly only?: readonly (string | Predict)[];
  /** Events that may wait for the reader before the model is held back; default 1,000. */
  readonly maxEvents?: number;
  /** Characters of text that may wait; default 1,048,576. */
  readonly maxCharacters?: number;
}

/** Calls the program and follows it. Throws `InvalidOptionError` at once; whatever `call` throws comes from the stream. */
export function startStream(program: Module, inputs: unknown, options: StreamOptions): CallStream<AnyEvent, unknown> {
  const owner = program.constructor.name;
  const { only, maxEvents, maxCharacters, signal, ...callOptions } = { ...STREAM_LIMITS, ...options };
  checkCallOptions(owner, callOptions);
  const place = new Places(program);
  const wanted = only === undefined ? undefined : chosen(owner, only, place);
  const init = {
    owner,
    signal,
    maxEvents: wholeNumber(`${owner}.stream`, 'maxEvents', maxEvents, 1),
    maxCharacters: wholeNumber(`${owner}.stream`, 'maxCharacters', maxCharacters, 1),
  };
  const call = program.call.bind(program) as (inputs: unknown, options: CallOptions) => Promise<unknown>;
  return new CallStream<AnyEvent, unknown>(
    init,
    (push, stopped) => {
      const watcher = new StreamWatcher(push, place, wanted, currentFrame().watcher);
      return runInFrame({ watcher }, () => call(inputs, { ...callOptions, signal: stopped }));
    },
    (result) => ({ type: 'result', result }),
  );
}

/** The paths of a program's parts, looked up when the first event of each needs it. */
class Places {
  readonly predictors: ReadonlyMap<object, string>;
  private readonly modules: ReadonlyMap<object, string>;

  constructor(program: Module) {
    this.predictors = new Map(program.namedPredictors().map(([path, predictor]) => [predictor, path]));
    this.modules = new Map(program.namedSubModules().map(([path, module]) => [module, path]));
  }

  of(module: object): string {
    return this.predictors.get(module) ?? this.modules.get(module) ?? module.constructor.name;
  }
}

class StreamWatcher implements Watcher {
  private readonly calls = new Map<object, number>();

  constructor(
    private readonly push: Tell,
    private readonly places: Places,
    private readonly wanted: ReadonlySet<object> | undefined,
    /** Who follows the call that this stream was started in. */
    private readonly outer: Watcher | undefined,
  ) {}

  follow(predictor: object, spec: SignatureSpec): AnswerWatcher | undefined {
    if (this.wanted?.has(predictor) === false) return this.outer?.follow(predictor, spec);
    const call = (this.calls.get(predictor) ?? 0) + 1;
    this.calls.set(predictor, call);
    const source = { path: this.places.of(predictor), call, predictor: predictor as Predict };
    const own = new AnswerFollower(source, spec, this.push);
    const outer = this.outer?.follow(predictor, spec);
    return outer === undefined ? own : bothOf(outer, own);
  }

  onStatus(status: WatchedStatus): void | Promise<void> {
    const { kind, phase, facts, error } = status;
    const module = currentModules().at(-1);
    const name = typeof facts['name'] === 'string' ? facts['name'] : kind;
    const event: AnyEvent = {
      type: 'status',
      kind,
      phase,
      name,
      path: module === undefined ? name : this.places.of(module),
      ...(phase === 'error' ? { problem: error instanceof Error ? error.message : String(error) } : {}),
    };
    const outer = this.outer?.onStatus(status);
    const own = this.push(event, 0);
    return outer === undefined ? own : outer.then(() => own);
  }
}

/** A stream inside a stream: both are told, and the slower one holds the answer back. */
function bothOf(a: AnswerWatcher, b: AnswerWatcher): AnswerWatcher {
  const tell = async (what: (watcher: AnswerWatcher) => void | Promise<void>): Promise<void> => {
    await Promise.all([what(a), what(b)]);
  };
  return {
    onDelta: (delta) => tell((watcher) => watcher.onDelta(delta)),
    asking: (adapter, asked) => {
      a.asking(adapter, asked);
      b.asking(adapter, asked);
    },
    answered: (response) => tell((watcher) => watcher.answered(response)),
    restarting: (reason, problem) => tell((watcher) => watcher.restarting(reason, problem)),
    predicted: (prediction) => tell((watcher) => watcher.predicted(prediction)),
  };
}

function chosen(owner: string, only: readonly (string | Predict)[], places: Places): ReadonlySet<object> {
  const byPath = new Map([...places.predictors].map(([predictor, path]) => [path, predictor]));
  const found = only.map((one) => {
    const predictor = typeof one === 'string' ? byPath.get(one) : one;
    if (predictor !== undefined && places.predictors.has(predictor)) return predictor;
    throw new InvalidOptionError(
      `${owner}.stream`,
      'only',
      typeof one === 'string' ? one : one?.constructor?.name,
      `predictors of the program or their paths: ${[...byPath.keys()].join(', ') || 'it has none'}`,
    );
  });
  return new Set(found);
}
