import { randomUUID } from 'node:crypto';
import { RunCancelledError } from '../../core/errors/teleprompt-errors';
import { NO_USAGE } from '../../core/primitives/usage';
import { runInAbortScope } from '../../core/settings/abort-scope';
import { currentFrame, currentSignal, runInFrame, type UsageMeter } from '../../core/settings/frame';
import { monotonicMs } from '../../core/util/clock';
import { EventLog } from './event-log';
import type { BestSoFar, RunEvent, RunEventBody, RunStatus } from './run-events';

/** What the work of a run is given. */
export interface RunControl {
  /** Fires when the run is cancelled or over. */
  readonly signal: AbortSignal;
  emit(event: RunEventBody): void;
}

/** A long piece of work that can be watched and cancelled while it goes on. */
export class Run<R> {
  readonly id: string = randomUUID();
  /** All events from the start on, for any number of listeners; ends with the run. */
  readonly events: AsyncIterable<RunEvent>;
  /** Settles with the work. It may be left alone: an unheard failure does not end the process. */
  readonly result: Promise<R>;

  private readonly owner: string;
  private readonly log = new EventLog<RunEvent>();
  private readonly controller = new AbortController();
  private readonly meter: UsageMeter = { total: NO_USAGE, outer: currentFrame().usage };
  private readonly startedAt = monotonicMs();
  private endedAt: number | undefined;
  private state: RunStatus['state'] = 'running';
  private phase = 'starting';
  private candidate: number | undefined;
  private of: number | undefined;
  private best: BestSoFar | undefined;

  /** Starts `work` at once, in the settings that surround the caller. */
  constructor(owner: string, work: (control: RunControl) => Promise<R>, signal?: AbortSignal) {
    this.owner = owner;
    this.events = this.log;
    if (signal?.aborted === true) this.controller.abort(signal.reason);
    const link = () => this.controller.abort(signal?.reason);
    signal?.addEventListener('abort', link, { once: true });
    this.result = this.carryOut(work).finally(() => signal?.removeEventListener('abort', link));
    this.result.catch(() => undefined);
  }

  status(): RunStatus {
    const { state, phase, candidate, of, best } = this;
    return { state, phase, candidate, of, best, usage: this.meter.total, elapsedMs: this.elapsed() };
  }

  /** Aborts what is under way; `result` rejects with `RunCancelledError`. Cancelling twice, or too late, does nothing. */
  cancel(reason?: unknown): void {
    this.controller.abort(new RunCancelledError(this.owner, { cause: reason }));
  }

  private async carryOut(work: (control: RunControl) => Promise<R>): Promise<R> {
    const { signal } = this.controller;
    try {
      const result = await runInFrame({ usage: this.meter }, () =>
        runInAbortScope({ owner: this.owner, signal }, () => {
          return work({ signal: currentSignal() ?? signal, emit: (event) => this.emit(event) });
        }),
      );
      this.end('done');
      return result;
    } catch (error) {
      this.end(signal.aborted ? 'cancelled' : 'failed', error);
      throw error;
    }
  }

  private emit(event: RunEventBody): void {
    if (this.state !== 'running') return;
    if (event.kind === 'phase') this.phase = event.phase;
    if (event.kind === 'phase' || event.kind === 'candidate') {
      this.candidate = event.candidate ?? this.candidate;
      this.of = event.of ?? this.of;
    }
    if (event.kind === 'candidate') this.best = event.best ?? this.best;
    this.log.push({ ...event, atMs: this.elapsed(), usage: this.meter.total });
  }

  private end(state: 'done' | 'failed' | 'cancelled', error?: unknown): void {
    this.emit({ kind: 'ended', state, ...(error === undefined ? {} : { error }) });
    this.endedAt = monotonicMs();
    this.state = state;
    this.log.close();
  }

  private elapsed(): number {
    return (this.endedAt ?? monotonicMs()) - this.startedAt;
  }
}
