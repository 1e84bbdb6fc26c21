import { AllFailedError } from '../../../core/errors/clients/routing-errors';
import { LMError } from '../../../core/errors/lm-errors';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import type { CallScope, LM } from '../../../core/ports/lm';
import type { LMRequest } from '../../../core/primitives/lm-request';
import type { LMResponse } from '../../../core/primitives/lm-response';
import { tell } from '../../../core/settings/in-span';
import { checkOptions, wholeNumber } from '../../../core/util/check-options';
import { monotonicMs } from '../../../core/util/clock';
import { LMGroup } from './lm-group';
import { Member } from './member';
import { OneCall } from './one-call';

/** Options of `pool`. */
export interface PoolOptions {
  /** What stands behind `pool:` as the endpoint of its requests; default the name of the model. */
  readonly name?: string;
  /** First rest of a member that failed, in milliseconds; default 1,000. It doubles with each failure in a row, up to 60,000. */
  readonly coolDownMs?: number;
  /** Longest time for one member while there is another, in milliseconds; default the time of the call. */
  readonly attemptMs?: number;
}

/**
 * Keys, endpoints or replicas of one model as one LM. A call goes to the member with the fewest in flight. One that fails to answer leaves
 * the rotation and its call goes to another member; after a rest one real call finds out whether it is back. One that says 429
 * rests for as long as it asks for. When nobody is left the call rejects with `AllFailedError`, which says when the first returns.
 *
 * All members answer the same requests: the endpoint of the pool is `pool:` and the model's name, so a cache above it has one entry
 * for all. Throws `InvalidOptionError` when members have different models and the pool has no name.
 */
export function pool(members: readonly LM[], options: PoolOptions = {}): LM {
  checkOptions('pool', options, ['name', 'coolDownMs', 'attemptMs']);
  const { name, coolDownMs = 1_000, attemptMs } = options;
  if (!Array.isArray(members)) throw new InvalidOptionError('pool', 'LMs', members, 'a list of LMs');
  if (name !== undefined && (typeof name !== 'string' || name === '')) {
    throw new InvalidOptionError('pool', 'name', name, 'a text that is not empty');
  }
  wholeNumber('pool', 'coolDownMs', coolDownMs, 1);
  if (attemptMs !== undefined) wholeNumber('pool', 'attemptMs', attemptMs, 1);
  const made = new PoolLM(members, name, coolDownMs, attemptMs);
  const models = [...new Set(members.map(({ model }) => model))];
  if (name === undefined && models.length > 1) {
    throw new InvalidOptionError('pool', 'name', name, `a name, as the models have several: ${models.join(', ')}`);
  }
  return made;
}

class PoolLM extends LMGroup {
  private readonly places: readonly Member[];
  /** Where the next choice among equals begins. */
  private turn = 0;

  constructor(
    lms: readonly LM[],
    private readonly name: string | undefined,
    coolDownMs: number,
    private readonly attemptMs: number | undefined,
  ) {
    super('pool', lms);
    this.places = lms.map((lm) => new Member(lm, coolDownMs));
  }

  override get endpoint(): string {
    return `pool:${this.name ?? this.model}`;
  }

  async generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    scope.signal?.throwIfAborted();
    this.checkOpen();
    const call = new OneCall(request, scope, this.defaults);
    const asked = new Set<Member>();
    for (let member = this.pick(asked); member !== undefined; member = this.pick(asked)) {
      asked.add(member);
      const startedAt = monotonicMs();
      member.inFlight += 1;
      try {
        const isLast = this.pick(asked, false) === undefined;
        const response = await call.ask(member.lm, isLast ? undefined : this.attemptMs);
        member.answered();
        return response;
      } catch (error) {
        if (!(error instanceof LMError) || scope.signal?.aborted === true || this.closed) throw error;
        const elsewhere = member.failed(error, startedAt);
        if (elsewhere)
          tell('routing', () => ({ by: 'pool', from: member.lm.endpoint, restMs: member.restMs, code: error.code }));
        call.failures.push(error);
        if (elsewhere && call.goesOn) continue;
        if (call.failures.length === 1) throw error;
        break;
      } finally {
        member.inFlight -= 1;
      }
    }
    throw this.nobody(call, asked);
  }

  /** The member with the fewest calls in flight that may be asked; equals take turns. */
  private pick(asked: ReadonlySet<Member>, takeTurn = true): Member | undefined {
    const { places, turn } = this;
    let best: Member | undefined;
    let bestAt = 0;
    for (let step = 0; step < places.length; step += 1) {
      const at = (turn + step) % places.length;
      const member = places[at] as Member;
      if (asked.has(member) || member.restMs > 0) continue;
      if (best === undefined || isBetter(member, best)) {
        best = member;
        bestAt = at;
      }
    }
    if (best !== undefined && takeTurn) this.turn = (bestAt + 1) % places.length;
    return best;
  }

  /** The failures of this call, and of those who rested all the while their last ones. */
  private nobody(call: OneCall, asked: ReadonlySet<Member>): AllFailedError {
    const resting = this.places.flatMap((member) =>
      asked.has(member) || member.lastFailure === undefined ? [] : [member.lastFailure],
    );
    const rests = this.places.map(({ restMs }) => restMs).filter((restMs) => restMs > 0);
    const waitMs = rests.length === 0 ? undefined : Math.min(...rests);
    return new AllFailedError('pool', [...call.failures, ...resting], call.lost, waitMs);
  }
}

function isBetter(one: Member, other: Member): boolean {
  if (one.onProbation !== other.onProbation) return other.onProbation;
  return one.inFlight < other.inFlight;
}
