import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Breaker, type Verdict } from '../../../../src/lm/resilience/breaker/breaker';
import { throughBreaker } from './through';

/** The breaker against a model of it: sequences of calls, ends of calls and passing time, in every order. */

let now = 0;
beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const RULES = { consecutive: 3, openMs: 100, maxOpenMs: 400, windowMs: 1_000 };

class Refused extends Error {}
class Ended extends Error {
  constructor(readonly verdict: Verdict) {
    super(verdict);
  }
}

/** A call in flight: how to end it, and which life of the circuit it belongs to. */
interface Call {
  readonly end: (verdict: Verdict) => Promise<void>;
  readonly era: number;
  readonly probe: boolean;
  readonly round: number;
}

/** What the documentation promises, in the plainest form. */
class Model {
  state: 'closed' | 'open' | 'half-open' = 'closed';
  calls: Call[] = [];
  inRow = 0;
  era = 0;
  round = 0;
  openings = 0;
  until = 0;
  permits = Number.POSITIVE_INFINITY;
  answers = 0;
  startsUntil = 0;

  /** Calls that the slow start bounds. */
  get started(): number {
    return this.calls.filter(({ era, round, probe }) => era === this.era && round === this.round && !probe).length;
  }

  tick(): void {
    if (this.permits !== Number.POSITIVE_INFINITY && now >= this.startsUntil) this.permits = Number.POSITIVE_INFINITY;
  }

  admits(): 'call' | 'probe' | 'refused' {
    this.tick();
    if (this.state === 'half-open') return 'refused';
    if (this.state === 'open') return now < this.until ? 'refused' : 'probe';
    return this.started < this.permits ? 'call' : 'refused';
  }

  ends(call: Call, verdict: Verdict): void {
    this.calls.splice(this.calls.indexOf(call), 1);
    if (call.era !== this.era) return;
    this.tick();
    if (call.probe) {
      if (verdict === 'failure') this.open();
      else if (verdict === 'answered') this.close();
      else {
        this.state = 'open';
        this.era += 1;
        this.until = now;
      }
      return;
    }
    if (verdict === 'answered') {
      this.inRow = 0;
      if (this.permits !== Number.POSITIVE_INFINITY && call.round === this.round) {
        this.answers += 1;
        if (this.answers >= this.permits) {
          this.answers = 0;
          this.permits = this.permits === 8 ? Number.POSITIVE_INFINITY : this.permits * 2;
        }
      }
    }
    if (verdict === 'failure') {
      this.inRow += 1;
      const starting = this.permits !== Number.POSITIVE_INFINITY;
      if (!starting) this.openings = 0;
      if (starting || this.inRow >= RULES.consecutive) this.open();
    }
  }

  private open(): void {
    this.state = 'open';
    this.era += 1;
    this.until = now + Math.min(RULES.maxOpenMs, RULES.openMs * 2 ** this.openings);
    this.openings += 1;
    this.permits = Number.POSITIVE_INFINITY;
  }

  private close(): void {
    this.state = 'closed';
    this.inRow = 0;
    this.round += 1;
    this.permits = 2;
    this.answers = 0;
    this.startsUntil = now + RULES.windowMs;
  }
}

type Command = fc.AsyncCommand<Model, Breaker>;

const begin: Command = {
  check: () => true,
  async run(model, breaker) {
    const expected = model.admits();
    let settle: (verdict: Verdict) => void = () => undefined;
    let admitted = false;
    const result = throughBreaker(breaker, () => {
      admitted = true;
      return new Promise<void>((resolve, reject) => {
        settle = (verdict) => (verdict === 'answered' ? resolve() : reject(new Ended(verdict)));
      });
    }).catch((error: unknown) => error);
    expect(admitted).toBe(expected !== 'refused');
    if (!admitted) {
      expect(await result).toBeInstanceOf(Refused);
      return;
    }
    if (expected === 'probe') model.state = 'half-open';
    const end = async (verdict: Verdict) => {
      settle(verdict);
      await result;
    };
    model.calls.push({ end, era: model.era, probe: expected === 'probe', round: model.round });
    expect(breaker.state).toBe(model.state);
  },
  toString: () => 'begin',
};

const end = (index: number, verdict: Verdict): Command => ({
  check: (model) => model.calls.length > 0,
  async run(model, breaker) {
    const call = model.calls[index % model.calls.length] as Call;
    await call.end(verdict);
    model.ends(call, verdict);
    expect(breaker.state).toBe(model.state);
  },
  toString: () => `end(${index}, ${verdict})`,
});

const wait = (ms: number): Command => ({
  check: () => true,
  async run(model, breaker) {
    now += ms;
    expect(breaker.state).toBe(model.state);
  },
  toString: () => `wait(${ms})`,
});

test('a breaker does what its model does, whatever happens in whatever order', async () => {
  const commands = [
    fc.constant(begin),
    fc.constant(begin),
    fc
      .tuple(fc.nat(20), fc.constantFrom<Verdict>('failure', 'failure', 'answered', 'answered', 'unknown'))
      .map(([index, verdict]) => end(index, verdict)),
    fc.constantFrom(1, 50, 100, 200, 400, 1_000).map(wait),
  ];
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 120, size: 'max' }), async (sequence) => {
      now = 1_000_000;
      const breaker = new Breaker(RULES, {
        judge: (error) => (error instanceof Ended ? error.verdict : 'unknown'),
        refused: () => new Refused(),
        changed: (state) => seen.add(state),
      });
      await fc.asyncModelRun(() => ({ model: new Model(), real: breaker }), sequence);
    }),
    { numRuns: 300 },
  );
  // A test of a state machine that never left its first state would prove nothing.
  expect([...seen].sort()).toEqual(['closed', 'half-open', 'open']);
});
