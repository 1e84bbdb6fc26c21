import { isWatched, publish } from '../telemetry/channels';
import type { MomentKind, Span, WorkKind } from '../telemetry/events';
import { monotonicMs } from '../util/clock';
import { currentFrame, runInFrame } from './frame';

/** Work that whoever follows a call is told of as well. */
const FOLLOWED: ReadonlySet<WorkKind> = new Set(['module', 'predictor', 'tool', 'retriever', 'embedder']);

/** Gathers what an event says beside its ids; called only while somebody listens. */
export type Facts = () => Readonly<Record<string, unknown>>;

let ids = 0;

/** True when `inSpan` would tell somebody of this kind of work: where every closure counts, ask first and leave it out. */
export function isTold(kind: WorkKind): boolean {
  return isWatched(kind) || (FOLLOWED.has(kind) && currentFrame().watcher !== undefined);
}

/**
 * Runs `work` as a span of the current call tree and tells its start and its end on the channel of its kind. While nobody
 * listens it costs one look. Who follows the call (`stream`) is told of the steps of a program.
 */
export function inSpan<R>(
  kind: WorkKind,
  facts: Facts,
  work: () => R | Promise<R>,
  outcome?: (result: R) => Readonly<Record<string, unknown>>,
): Promise<R> {
  if (isTold(kind)) return toldSpan(kind, facts, work, outcome);
  try {
    // Its own promise, not one around it: this is what every call goes through.
    const result = work();
    return result instanceof Promise ? result : Promise.resolve(result);
  } catch (error) {
    return Promise.reject(error);
  }
}

async function toldSpan<R>(
  kind: WorkKind,
  facts: Facts,
  work: () => R | Promise<R>,
  outcome: ((result: R) => Readonly<Record<string, unknown>>) | undefined,
): Promise<R> {
  const frame = currentFrame();
  const follower = FOLLOWED.has(kind) ? frame.watcher : undefined;
  const outer = frame.span;
  const id = ++ids;
  const span: Span = { id, parent: outer?.id, root: outer?.root ?? id };
  const startedAt = monotonicMs();
  const told = facts();
  publish({ ...told, ...span, kind, phase: 'start', at: startedAt });
  await follower?.onStatus({ kind, phase: 'start', facts: told });
  try {
    const result = await runInFrame({ span }, work);
    const at = monotonicMs();
    publish({ ...told, ...outcome?.(result), ...span, kind, phase: 'end', at, durationMs: at - startedAt });
    await follower?.onStatus({ kind, phase: 'end', facts: told });
    return result;
  } catch (error) {
    const at = monotonicMs();
    publish({ ...told, ...span, kind, phase: 'error', at, durationMs: at - startedAt, error });
    await follower?.onStatus({ kind, phase: 'error', facts: told, error });
    throw error;
  }
}

/** Tells something that happens in a moment, with the ids of the work it happens in. */
export function tell(kind: MomentKind, facts: Facts): void {
  if (isWatched(kind)) publish({ ...facts(), ...currentFrame().span, kind, phase: 'moment', at: monotonicMs() });
}
