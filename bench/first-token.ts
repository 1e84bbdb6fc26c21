/**
 * How much later than on the wire the first token of a streamed field is seen: `predict.stream` against undici alone, in
 * interleaved rounds against a server in a process of its own. Both times run from the call to the first text of the field.
 * Run: npm run bench:first-token
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAICompatible } from 'dspex/clients';
import { Predict } from 'dspex/program';
import { request } from 'undici';
import { median } from './ratio';

const ROUNDS = 400;
const WARM_UP = 50;
const HEAD = '[[ ## answer ## ]]\n';
const WORDS = ['Blue', ' light', ' is', ' scattered', ' most', '.', '\n\n[[ ## completed ## ]]'];

async function main(): Promise<void> {
  const server = await startServer();
  const lm = new OpenAICompatible({ model: 'm', baseUrl: server.url });
  const predict = new Predict('question -> answer');
  const messages = predict.render({ question: 'Why is the sky blue?' });
  const [raw, ours]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    const both: [number[], () => Promise<number>][] = [
      [raw, () => firstByUndici(server.url, messages)],
      [ours, () => firstByStream(predict, lm)],
    ];
    for (const [times, measure] of round % 2 === 0 ? both : both.reverse()) {
      const ms = await measure();
      if (round >= WARM_UP) times.push(ms);
    }
  }
  await lm.close();
  server.close();
  const differences = ours.map((ms, at) => ms - (raw[at] ?? Number.NaN));
  console.log(`rounds: ${ROUNDS}, first token in ms (p50 / p99)`);
  for (const [name, times] of Object.entries({
    'undici alone': raw,
    'predict.stream': ours,
    difference: differences,
  })) {
    console.log(`${name.padEnd(16)}${median(times).toFixed(3).padStart(8)} / ${quantile(times, 0.99).toFixed(3)}`);
  }
}

async function firstByStream(predict: Predict<'question -> answer'>, lm: OpenAICompatible): Promise<number> {
  const startedAt = performance.now();
  let first = Number.NaN;
  for await (const event of predict.stream({ question: 'Why is the sky blue?' }, { lm })) {
    if (event.type === 'field-delta' && Number.isNaN(first)) first = performance.now() - startedAt;
  }
  return first;
}

async function firstByUndici(url: string, messages: unknown): Promise<number> {
  const startedAt = performance.now();
  let first = Number.NaN;
  const { body } = await request(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', messages, stream: true }),
  });
  for await (const chunk of body) {
    if (Number.isNaN(first) && String(chunk).includes(WORDS[0] ?? '')) first = performance.now() - startedAt;
  }
  return first;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function startServer(): Promise<{ url: string; close(): void }> {
  const child: ChildProcess = fork(__filename, ['serve']);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', (code) => reject(new Error(`The server process ended with code ${code}.`)));
  });
  return { url, close: () => child.kill() };
}

/** Answers every request with the same stream: the header at once, then a word each 2 ms. */
function serve(): void {
  const server = createServer((asked, response) => {
    asked.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const pieces = [HEAD + WORDS[0], ...WORDS.slice(1)];
      const next = () => {
        const content = pieces.shift();
        const finished = content === undefined;
        const choice = finished ? { index: 0, delta: {}, finish_reason: 'stop' } : { index: 0, delta: { content } };
        response.write(`data: ${JSON.stringify({ id: 'x', model: 'm', choices: [choice] })}\n\n`);
        if (finished) response.end('data: [DONE]\n\n');
        else setTimeout(next, 2);
      };
      setTimeout(next, 2);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  });
}

if (process.argv[2] === 'serve') serve();
else void main();
