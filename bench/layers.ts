// What each layer costs where everything else costs nothing: calls to an LM that has its answer at once, no network, no cache hit.
// The contestants take turns; processor time of this process, medians of the rounds.
// Run: npm run bench:layers [-- ROUNDS]
import { availableParallelism } from 'node:os';
import { Budget, Evaluate, example, LM, type LMRequest, type LMResponse, Module, NO_USAGE, Predict } from 'dspex';
import { budgeted, cached, composeLM, MemoryCache, resilient, singleFlight } from 'dspex/clients';
import { median } from './harness/statistics';

const CALLS = 4000;
const ROUNDS = Math.max(5, Number(process.argv[2] ?? 15));
const PROMPT = 'Explain in one sentence what you know about the number';

/** Has its answer at once. */
class InstantLM extends LM {
  readonly model = 'instant';
  readonly endpoint = 'instant:';
  readonly defaults = {};
  readonly capabilities = { jsonMode: false, jsonSchema: false, functionCalling: false, reasoning: false };

  generate(): Promise<LMResponse> {
    return Promise.resolve({
      model: this.model,
      completions: [{ text: '[[ ## answer ## ]]\nAn even number.\n\n[[ ## completed ## ]]', finishReason: 'stop' }],
      usage: NO_USAGE,
      cached: false,
      attempts: 1,
    });
  }

  async close(): Promise<void> {
    // Holds nothing.
  }

  stats() {
    return { inFlight: 0, queued: 0, requests: 0, cacheHits: 0, shared: 0, breaker: 'none' } as const;
  }
}

class OneStep extends Module {
  readonly step = new Predict('question -> answer');

  override forward({ question }: { question: string }) {
    return this.step.call({ question });
  }
}

/** Makes so many calls, the first of them with this number: no two requests are equal. */
type Contestant = (from: number) => Promise<void>;

function asked(lm: LM): Contestant {
  return async (from) => {
    for (let index = from; index < from + CALLS; index += 1) {
      await lm.generate(requestTo(lm, index));
    }
  };
}

function requestTo(lm: LM, index: number): LMRequest {
  return lm.createRequest([
    { role: 'system', content: PROMPT.repeat(8) },
    { role: 'user', content: `${PROMPT} ${index}?` },
  ]);
}

function called(program: Predict<'question -> answer'> | OneStep): Contestant {
  return async (from) => {
    for (let index = from; index < from + CALLS; index += 1) await program.call({ question: `${PROMPT} ${index}?` });
  };
}

function evaluated(program: Predict<'question -> answer'>): Contestant {
  return async (from) => {
    const devset = Array.from({ length: CALLS }, (_, index) =>
      example({ question: `${PROMPT} ${from + index}?`, answer: '' }).withInputs('question'),
    );
    await new Evaluate({ devset, metric: () => 1, concurrency: 64 }).call(program);
  };
}

const small = () => new MemoryCache({ maxEntries: 1000 });
const bare = new InstantLM();
const predict = new Predict('question -> answer').with({ lm: bare });
const stack = composeLM(bare, { cache: small() });

/** By name; the second is the one that it is compared with. */
const CONTESTANTS: readonly (readonly [name: string, base: string | undefined, run: Contestant])[] = [
  ['bare LM', undefined, asked(bare)],
  ['+ resilient', 'bare LM', asked(resilient(bare))],
  ['+ budgeted, no budget', 'bare LM', asked(budgeted(bare))],
  ['+ budgeted, one budget', 'bare LM', asked(budgeted(bare, { budget: new Budget({ tokens: 1e12 }) }))],
  ['+ cached (miss)', 'bare LM', asked(cached(bare, { cache: small() }))],
  ['+ single-flight', 'bare LM', asked(singleFlight(bare))],
  ['composeLM, no cache', 'bare LM', asked(composeLM(bare, { cache: false }))],
  ['composeLM', 'bare LM', asked(stack)],
  ['Predict', 'bare LM', called(predict)],
  ['Module of a Predict', 'Predict', called(new OneStep().with({ lm: bare }))],
  ['Evaluate of a Predict', 'Predict', evaluated(predict)],
  ['Predict on composeLM', 'Predict', called(new Predict('question -> answer').with({ lm: stack }))],
];

async function measure(run: Contestant, from: number): Promise<number> {
  const before = process.cpuUsage();
  await run(from);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CALLS;
}

async function main(): Promise<void> {
  const measured = new Map(CONTESTANTS.map(([name]) => [name, [] as number[]]));
  let from = 0;
  // The first rounds are for the compiler.
  for (let round = -3; round < ROUNDS; round += 1) {
    for (const [name, , run] of CONTESTANTS) {
      const us = await measure(run, from);
      from += CALLS;
      if (round >= 0) measured.get(name)?.push(us);
    }
  }
  console.log(
    `${CALLS} calls a round, ${ROUNDS} rounds of each in turns; Node ${process.versions.node}, ${availableParallelism()} cores; ` +
      'microseconds of processor time a call, garbage collection included.',
  );
  for (const [name, base] of CONTESTANTS) {
    const ours = measured.get(name) ?? [];
    const theirs = base === undefined ? undefined : measured.get(base);
    const added =
      theirs === undefined ? '' : `${(median(ours) - median(theirs)).toFixed(1).padStart(7)} more than ${base}`;
    console.log(
      `${name.padEnd(24)} ${median(ours).toFixed(1).padStart(6)} us (${Math.min(...ours).toFixed(1)} to ${Math.max(...ours).toFixed(1)})${added}`,
    );
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
