// 256 requests in flight against the mock server with 50 ms latency: the full stack (Evaluate, Predict, composeLM without
// its cache) beside a hand-written undici loop, in turns within one run.
// Run: npm run bench:in-flight [-- ROUNDS]
import { availableParallelism } from 'node:os';
import { Evaluate, example, Predict } from 'dspex';
import { composeLM, OpenAICompatible } from 'dspex/clients';
import { Agent } from 'undici';
import { answerFor, startMockProcess } from './mock-process';
import { median, ratioOfMedians } from './ratio';

const IN_FLIGHT = 256;
const LATENCY_MS = 50;
const ROWS = IN_FLIGHT * 8;
const ROUNDS = Math.max(7, Number(process.argv[2] ?? 9));
const PROMPTED = 'Explain in one sentence what you know about the number';

const rows = Array.from({ length: ROWS }, (_, index) =>
  example({ question: `${PROMPTED} ${index}?`, answer: answerFor(index) }).withInputs('question'),
);

/** One way to answer all rows: the answers in order. */
type Contestant = () => Promise<readonly string[]>;

function dspexStack(url: string): { run: Contestant; close: () => Promise<void> } {
  const lm = composeLM(new OpenAICompatible({ model: 'mock', baseUrl: url }), { cache: false });
  const program = new Predict('question -> answer').with({ lm });
  const evaluate = new Evaluate({
    devset: rows,
    metric: (gold, predicted: { answer: string }) => gold.answer === predicted.answer,
    concurrency: IN_FLIGHT,
  });
  const run = async () => {
    const { results, score } = await evaluate.call(program);
    if (score !== 100) throw new Error(`dspex scored ${score}, not 100.`);
    return results.map(({ prediction }) => String((prediction as { answer?: unknown } | undefined)?.answer));
  };
  return { run, close: () => lm.close() };
}

/** What a person would write without any library but undici: a pool of workers, JSON in, a regular expression out. */
function handWritten(url: string): { run: Contestant; close: () => Promise<void> } {
  const agent = new Agent({ connections: IN_FLIGHT });
  const { origin, pathname } = new URL(`${url}/chat/completions`);
  const predict = new Predict('question -> answer');
  const prompts = rows.map(({ question }) => predict.render({ question }));
  const ask = async (index: number): Promise<string> => {
    const { body } = await agent.request({
      origin,
      path: pathname,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'mock', messages: prompts[index] }),
    });
    const { choices } = JSON.parse(await body.text()) as { choices: { message: { content: string } }[] };
    return /\[\[ ## answer ## \]\]\n(.*?)\n\n\[\[/su.exec(choices[0]?.message.content ?? '')?.[1] ?? '';
  };
  const run = async () => {
    const answers: string[] = new Array(ROWS);
    let next = 0;
    const worker = async () => {
      for (let index = next++; index < ROWS; index = next++) answers[index] = await ask(index);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    return answers;
  };
  return { run, close: () => agent.close() };
}

interface Measured {
  /** Requests a second. */
  readonly rate: number;
  /** Microseconds of processor time for one request, in this process. */
  readonly cpu: number;
}

async function measure(run: Contestant): Promise<Measured> {
  const started = performance.now();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return { rate: (ROWS / (performance.now() - started)) * 1000, cpu: (user + system) / ROWS };
}

const rateOf = ({ rate }: Measured) => rate;

function show(name: string, measured: readonly Measured[]): void {
  const rates = measured.map(rateOf);
  console.log(
    `${name.padEnd(31)} ${median(rates).toFixed(0).padStart(5)} req/s ` +
      `(${Math.min(...rates).toFixed(0)} to ${Math.max(...rates).toFixed(0)}), ` +
      `${median(measured.map(({ cpu }) => cpu)).toFixed(0)} us of processor time a request`,
  );
}

async function main(): Promise<void> {
  const mock = await startMockProcess(LATENCY_MS);
  const ours = dspexStack(mock.url);
  const theirs = handWritten(mock.url);
  try {
    const [a, b] = [await ours.run(), await theirs.run()];
    const differs = a.findIndex((answer, index) => answer !== b[index]);
    if (differs >= 0) throw new Error(`Row ${differs}: dspex read '${a[differs]}', the loop '${b[differs]}'.`);
    const measured = { ours: [] as Measured[], theirs: [] as Measured[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      measured.ours.push(await measure(ours.run));
      measured.theirs.push(await measure(theirs.run));
    }
    console.log(
      `${IN_FLIGHT} in flight, ${LATENCY_MS} ms latency, ${ROWS} requests a round, ${ROUNDS} rounds of each in turns; ` +
        `Node ${process.versions.node}, ${availableParallelism()} cores; both answered every row alike.`,
    );
    show('Evaluate + Predict + composeLM', measured.ours);
    show('hand-written undici loop', measured.theirs);
    const { ratio, low, high } = ratioOfMedians(measured.ours.map(rateOf), measured.theirs.map(rateOf));
    console.log(`ratio of medians ${ratio.toFixed(2)}, 95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}`);
    console.log(
      `Bound: ${IN_FLIGHT} / ${LATENCY_MS} ms = ${(IN_FLIGHT / LATENCY_MS) * 1000} req/s, and less where client and mock share the cores.`,
    );
  } finally {
    await Promise.all([ours.close(), theirs.close()]);
    mock.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
