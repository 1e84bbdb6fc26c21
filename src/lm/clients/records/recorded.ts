import { UnknownRecordingError } from '../../../core/errors/clients/recording-errors';
import { LMClosedError, LMError, type LMErrorDetails } from '../../../core/errors/lm-errors';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import type { CallScope, LM, LMStats } from '../../../core/ports/lm';
import type { LMRequest } from '../../../core/primitives/lm-request';
import type { LMResponse } from '../../../core/primitives/lm-response';
import { NO_USAGE } from '../../../core/primitives/usage';
import { tell } from '../../../core/settings/in-span';
import { resolveSetting } from '../../../core/settings/resolve';
import { checkOptions } from '../../../core/util/check-options';
import { keyOf } from '../../cache/key';
import { LMLayer } from '../../layer';
import { untilAborted } from '../../resilience/deadline';
import { type Redact, redactorOf } from '../redact';
import { differenceToNearest } from './nearest';
import type { RecordedCall } from './record-line';
import { canBeRecorded, recordedError, writtenError } from './recorded-error';
import { Recording } from './recording';
import { secretsInEnvironment } from './secrets-in-environment';
import { tellRecorded } from './tell-recorded';

/** Options of `recorded`. */
export interface RecordedOptions {
  /**
   * `record` asks the LM each time and adds what came of it to the file. `replay` answers from the file alone and never asks the LM.
   * `auto`, the default, replays what is in the file, and asks and adds what is not.
   */
  readonly mode?: 'record' | 'replay' | 'auto';
  /** Throws away what the file holds; default false. Not with `replay`. */
  readonly fresh?: boolean;
  /**
   * Removes further secrets from each text before it is written. Values of environment variables that are named like secrets are
   * removed in any case.
   */
  readonly redact?: (text: string) => string;
}

const MODES: readonly unknown[] = ['record', 'replay', 'auto'];
const REPLAYED_USAGE = Object.freeze({ ...NO_USAGE, cachedCalls: 1 });

/**
 * The LM with its calls in a file, for examples and tests that cost nothing and give the same each time. A replayed answer is marked
 * as cached, and is told in pieces to who asks for them; failures are replayed with their class. The outermost layer of a stack.
 *
 * Rejects with `UnknownRecordingError`, which shows the nearest recorded request, with `RecordingNotFoundError`, or with
 * `DamagedRecordingError`, before anything is sent. `close` waits for the file, and rejects with `RecordingWriteError` when a call
 * could not be written.
 */
export function recorded(lm: LM, path: string, options: RecordedOptions = {}): LM {
  checkOptions('recorded', options, ['mode', 'fresh', 'redact']);
  const { mode = 'auto', fresh = false, redact } = options;
  const wrong = (option: string, value: unknown, expected: string) =>
    new InvalidOptionError('recorded', option, value, expected);
  if (typeof path !== 'string' || path === '') throw wrong('path', path, 'the path of a file');
  if (!MODES.includes(mode)) throw wrong('mode', mode, "'record', 'replay' or 'auto'");
  if (typeof fresh !== 'boolean') throw wrong('fresh', fresh, 'true or false');
  if (fresh && mode === 'replay') throw wrong('fresh', fresh, 'false, for there would be nothing to replay');
  if (redact !== undefined && typeof redact !== 'function') throw wrong('redact', redact, 'a function of a text');
  return new RecordedLM(lm, path, { mode, fresh, redact });
}

interface Settled {
  readonly mode: NonNullable<RecordedOptions['mode']>;
  readonly fresh: boolean;
  readonly redact: Redact | undefined;
}

class RecordedLM extends LMLayer {
  private readonly recording: Recording;
  private readonly redact: Redact;
  private replayed = 0;
  private warned = false;
  private closing: Promise<void> | undefined;

  constructor(
    inner: LM,
    path: string,
    private readonly settled: Settled,
  ) {
    super(inner);
    const known = redactorOf(secretsInEnvironment());
    const { redact: own } = settled;
    this.redact = own === undefined ? known : (text) => own(known(text));
    this.recording = new Recording(path, this.redact);
  }

  override async generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    const { signal } = scope;
    const { mode, fresh } = this.settled;
    signal?.throwIfAborted();
    if (this.closing !== undefined) throw new LMClosedError('The client was closed.', this.about);
    const { recording } = this;
    await untilAborted(fresh ? recording.startAfresh() : recording.load(mode === 'replay'), signal);
    const known = mode === 'record' ? undefined : recording.take(keyOf(request));
    if (known !== undefined) return this.replay(known, scope);
    if (mode === 'replay') throw this.unknown(request);
    return this.ask(request, scope);
  }

  override stats(): LMStats {
    const stats = this.inner.stats();
    return { ...stats, cacheHits: stats.cacheHits + this.replayed };
  }

  override close(): Promise<void> {
    this.closing ??= this.inner.close().finally(() => this.recording.close());
    return this.closing;
  }

  private get about(): LMErrorDetails {
    return { model: this.model, endpoint: this.endpoint };
  }

  private async replay({ outcome }: RecordedCall, { signal, onDelta }: CallScope): Promise<LMResponse> {
    this.replayed += 1;
    tell('cache', () => ({ ...this.about, what: 'hit', store: 'recording' }));
    // Each caller gets an error of its own: attempts and stack are nobody else's.
    if ('error' in outcome) throw recordedError(writtenError(outcome.error));
    if (onDelta !== undefined) await tellRecorded(outcome.response, onDelta, signal);
    return Object.freeze({ ...outcome.response, cached: true, attempts: 0, usage: REPLAYED_USAGE });
  }

  private async ask(request: LMRequest, scope: CallScope): Promise<LMResponse> {
    try {
      const response = await this.inner.generate(request, scope);
      await this.add(request, { response });
      return response;
    } catch (error) {
      // What `auto` would replay for ever must not be a moment's trouble.
      const lasting = error instanceof LMError && (this.settled.mode === 'record' || !error.outage);
      if (lasting && scope.signal?.aborted !== true && canBeRecorded(error)) await this.add(request, { error });
      throw error;
    }
  }

  private async add(request: LMRequest, outcome: RecordedCall['outcome']): Promise<void> {
    await this.recording.add({ key: keyOf(request), request, outcome }, this.settled.mode === 'auto');
    const { writeFailure } = this.recording;
    if (writeFailure === undefined || this.warned) return;
    this.warned = true;
    resolveSetting('logger').value?.warn({ path: writeFailure.path }, writeFailure.message);
  }

  private unknown(request: LMRequest): UnknownRecordingError {
    const { path, requests } = this.recording;
    return new UnknownRecordingError(path, differenceToNearest(request, requests, this.redact), this.about);
  }
}
