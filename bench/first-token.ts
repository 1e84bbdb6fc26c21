// The first token of a streamed answer: the bare client, the whole stack, and `stream` of a Predict, beside a raw undici request that
// looks for the same bytes. In turns within one run, the order turned round each time, against a server in a process of its own;
// times run from the call to the token, and differences are those of one round.
// Run: npm run bench:first-token [-- ROUNDS]
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { type LM, Predict, stream } from 'dspex';
import { composeLM, OpenAICompatible } from 'dspex/clients';
import { startFaultServer } from 'dspex/testing';
import { Agent } from 'undici';
import { median } from './harness/statistics';

const ROUNDS = Math.max(50, Number(process.argv[2]) || 300);
const WARM_UP = 50;
const FIRST = 'alpha';
const TOKENS = ['[[ ## answer ## ]]\n', `${FIRST} `, 'beta ', 'gamma', '\n\n[[ ## completed ## ]]'];

const question = { question: 'Why is the sky blue?' };
const program = new Predict('question -> answer');
const messages = program.render(question);

const chunk = (content: string, finish_reason: string | null = null) => ({
  id: 'c',
  model: 'mock',
  choices: [{ index: 0, delta: { content }, finish_reason }],
});

async function serve(): Promise<void> {
  const server = await startFaultServer(async (exchange) => {
    await exchange.stream();
    for (const token of TOKENS) {
      await exchange.event(chunk(token));
      await exchange.pause(2);
    }
    await exchange.event(chunk('', 'stop'));
    await exchange.event('[DONE]');
    await exchange.endChunks();
  });
  process.send?.(server.url);
}

async function startServer(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = fork(__filename, ['serve']);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', (code) => reject(new Error(`The server ended with code ${code}.`)));
  });
  return { url, child };
}

/** Milliseconds until the first token was there; the answer is read to its end. */
type Contestant = () => Promise<number>;

function raw(agent: Agent, url: string): Contestant {
  const { origin, pathname } = new URL(`${url}/chat/completions`);
  return async () => {
    const startedAt = performance.now();
    let at = Number.NaN;
    let text = '';
    const { body } = await agent.request({
      origin,
      path: pathname,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'mock', messages, stream: true }),
    });
    for await (const bytes of body) {
      text += String(bytes);
      if (Number.isNaN(at) && text.includes(FIRST)) at = performance.now();
    }
    return at - startedAt;
  };
}

function client(lm: LM): Contestant {
  return async () => {
    const startedAt = performance.now();
    let at = Number.NaN;
    await lm.generate(lm.createRequest(messages), {
      onDelta: ({ text }) => {
        if (Number.isNaN(at) && text?.includes(FIRST)) at = performance.now();
      },
    });
    return at - startedAt;
  };
}

function predictor(lm: LM): Contestant {
  return async () => {
    const startedAt = performance.now();
    let at = Number.NaN;
    for await (const event of stream(program, question, { lm })) {
      if (Number.isNaN(at) && event.type === 'field-delta' && event.text.includes(FIRST)) at = performance.now();
    }
    return at - startedAt;
  };
}

function shown(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const p99 = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? Number.NaN;
  return `${median(values).toFixed(2)} / ${p99.toFixed(2)}`;
}

async function main(): Promise<void> {
  const { url, child } = await startServer();
  const agent = new Agent();
  const bare = new OpenAICompatible({ model: 'mock', baseUrl: url });
  const stack = composeLM(new OpenAICompatible({ model: 'mock', baseUrl: url }), { cache: false });
  const contestants: Readonly<Record<string, Contestant>> = {
    'raw undici': raw(agent, url),
    'bare client': client(bare),
    composeLM: client(stack),
    'stream(Predict)': predictor(stack),
  };
  try {
    const measured = Object.fromEntries(Object.keys(contestants).map((name) => [name, [] as number[]]));
    for (let round = -WARM_UP; round < ROUNDS; round += 1) {
      const turns = Object.entries(contestants);
      for (const [name, run] of round % 2 === 0 ? turns : turns.reverse()) {
        const ms = await run();
        if (Number.isNaN(ms)) throw new Error(`${name} saw no token.`);
        if (round >= 0) measured[name]?.push(ms);
      }
    }
    console.log(`${ROUNDS} answers each, in turns; Node ${process.versions.node}, ${availableParallelism()} cores.`);
    console.log('first token in ms (p50 / p99)         more than raw, in the same round (p50 / p99)');
    const theirs = measured['raw undici'] ?? [];
    for (const [name, times] of Object.entries(measured)) {
      const more = times.map((ms, round) => ms - (theirs[round] ?? Number.NaN));
      console.log(`${name.padEnd(16)} ${shown(times).padEnd(20)} ${name === 'raw undici' ? '' : shown(more)}`);
    }
  } finally {
    await Promise.all([agent.close(), bare.close(), stack.close()]);
    child.kill();
  }
}

(process.argv[2] === 'serve' ? serve() : main()).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
