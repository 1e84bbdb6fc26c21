import { OpenAICompatible, resilient } from 'dspex/clients';
import { startFaultServer } from 'dspex/testing';
import OpenAI from 'openai';
import { ATTEMPTS, OUTSIDE_CASES, type OutsideCase, TIMEOUT_MS } from './cases';

/** What one client made of one case. */
export interface OutsideResult {
  readonly name: string;
  readonly client: 'dspex' | 'openai';
  /** Requests that the server saw. */
  readonly attempts: number;
  /** The text of the answer, or the code or the class of the error. */
  readonly outcome: string;
  readonly ms: number;
}

/** A client that has not settled by then is left; nobody waits for a day. */
const GIVE_UP_MS = 5_000;
const PROMPT = [{ role: 'user' as const, content: 'q' }];
type Ask = (url: string, streamed: boolean, signal: AbortSignal) => Promise<string>;

const askDspex: Ask = async (baseUrl, streamed, signal) => {
  const client = new OpenAICompatible({
    model: 'm',
    baseUrl,
    apiKey: 'k',
    firstByteMs: TIMEOUT_MS,
    idleMs: TIMEOUT_MS,
  });
  const lm = resilient(client, { attempts: ATTEMPTS, deadlineMs: 60_000 });
  try {
    const { completions } = await lm.generate(lm.createRequest(PROMPT), {
      signal,
      ...(streamed ? { onDelta: () => {} } : {}),
    });
    return completions[0]?.text ?? '';
  } finally {
    await lm.close();
  }
};

const askOpenAI: Ask = async (baseURL, streamed, signal) => {
  const client = new OpenAI({ baseURL, apiKey: 'k', maxRetries: ATTEMPTS - 1, timeout: TIMEOUT_MS });
  if (!streamed) {
    const answer = await client.chat.completions.create({ model: 'm', messages: PROMPT }, { signal });
    return answer.choices[0]?.message.content ?? '';
  }
  const stream = await client.chat.completions.create({ model: 'm', messages: PROMPT, stream: true }, { signal });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  return text;
};

/** Runs one case with one client. */
async function run({ name, script, streamed }: OutsideCase, client: 'dspex' | 'openai'): Promise<OutsideResult> {
  const server = await startFaultServer(script);
  const giveUp = new AbortController();
  const startedAt = performance.now();
  const ask = client === 'dspex' ? askDspex : askOpenAI;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<string>((resolve) => {
    timer = setTimeout(() => {
      giveUp.abort(new Error('given up'));
      resolve(`still at it after ${GIVE_UP_MS} ms`);
    }, GIVE_UP_MS);
  });
  // An abort does not wake a client that sleeps before its next attempt, so the abort alone is not waited for.
  const outcome = await Promise.race([
    ask(server.url, streamed === true, giveUp.signal).catch((error: unknown) => failureName(error)),
    tooLate,
  ]);
  const ms = performance.now() - startedAt;
  clearTimeout(timer);
  await server.close();
  return { name, client, attempts: server.requests.length, outcome, ms };
}

/** Every case with both clients, each pair at a time. */
export async function compareClients(cases: readonly OutsideCase[] = OUTSIDE_CASES): Promise<readonly OutsideResult[]> {
  const results: OutsideResult[] = [];
  for (const outside of cases) {
    results.push(...(await Promise.all([run(outside, 'dspex'), run(outside, 'openai')])));
  }
  return results;
}

/** The results as lines of a table. */
export function renderComparison(results: readonly OutsideResult[]): readonly string[] {
  const line = (cells: readonly string[]) =>
    `${(cells[0] ?? '').padEnd(46)}${(cells[1] ?? '').padEnd(8)}${(cells[2] ?? '').padStart(8)}  ${(cells[3] ?? '').padEnd(34)}${(cells[4] ?? '').padStart(8)}`;
  return [
    line(['case', 'client', 'attempts', 'outcome', 'ms']),
    ...results.map(({ name, client, attempts, outcome, ms }) =>
      line([client === 'dspex' ? name : '', client, String(attempts), outcome, ms.toFixed(0)]),
    ),
  ];
}

function failureName(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: string };
  if (typeof code === 'string' && code.startsWith('LM_')) return code;
  return error instanceof Error ? error.constructor.name : String(name);
}
