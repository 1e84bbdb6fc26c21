import { chatAnswer, chatChunks, type FaultScript, faults } from 'dspex/testing';

/** One fault for both clients: the same server, the same three attempts at most. */
export interface OutsideCase {
  readonly name: string;
  readonly script: FaultScript;
  /** The answer is asked for as a stream. */
  readonly streamed?: true;
  /** Requests that dspex makes, and what comes of them: the text, or the code of its error. */
  readonly ours: { readonly attempts: number; readonly outcome: string };
}

const OK = faults.answer(chatAnswer('yes'));
const EVENTS = chatChunks('one two three four');
const thenOk = (script: FaultScript) => faults.inTurn(script, OK);
const limited = (headers: Readonly<Record<string, string>>) => faults.status(429, headers);
const quota = { error: { message: 'no money is left', type: 'insufficient_quota', code: 'insufficient_quota' } };

export const ATTEMPTS = 3;
/** Both clients give up an attempt after this long. */
export const TIMEOUT_MS = 600;

export const OUTSIDE_CASES: readonly OutsideCase[] = [
  {
    name: '429, retry-after: 1',
    script: thenOk(limited({ 'retry-after': '1' })),
    ours: { attempts: 2, outcome: 'yes' },
  },
  {
    name: '429, retry-after-ms: 0 and retry-after: 30',
    script: thenOk(limited({ 'retry-after-ms': '0', 'retry-after': '30' })),
    ours: { attempts: 2, outcome: 'yes' },
  },
  {
    name: '429, retry-after: 86400',
    script: thenOk(limited({ 'retry-after': '86400' })),
    ours: { attempts: 1, outcome: 'LM_RATE_LIMIT' },
  },
  {
    name: '429, the money is spent',
    script: faults.status(429, {}, quota),
    ours: { attempts: 1, outcome: 'LM_QUOTA' },
  },
  { name: '500, then an answer', script: thenOk(faults.status(500)), ours: { attempts: 2, outcome: 'yes' } },
  { name: '503 for ever', script: faults.status(503), ours: { attempts: 3, outcome: 'LM_SERVER' } },
  { name: '408, then an answer', script: thenOk(faults.status(408)), ours: { attempts: 2, outcome: 'yes' } },
  { name: '409, then an answer', script: thenOk(faults.status(409)), ours: { attempts: 2, outcome: 'yes' } },
  { name: '400', script: faults.status(400), ours: { attempts: 1, outcome: 'LM_INVALID_REQUEST' } },
  { name: 'no answer', script: faults.silence(), ours: { attempts: 3, outcome: 'LM_TIMEOUT' } },
  { name: 'reset, then an answer', script: thenOk(faults.reset()), ours: { attempts: 2, outcome: 'yes' } },
  {
    name: 'reset in the body, then an answer',
    script: thenOk(faults.cutBody(chatAnswer('yes'), 40)),
    ours: { attempts: 2, outcome: 'yes' },
  },
  {
    name: 'truncated JSON, then an answer',
    script: thenOk(faults.truncatedJson(chatAnswer('yes'), 60)),
    ours: { attempts: 2, outcome: 'yes' },
  },
  {
    name: 'stream, cut after 3 events',
    script: faults.cutStream(EVENTS, 3),
    streamed: true,
    ours: { attempts: 1, outcome: 'LM_TRANSPORT' },
  },
  {
    name: 'stream, ends without its end',
    script: faults.events(EVENTS.slice(0, 3)),
    streamed: true,
    ours: { attempts: 1, outcome: 'LM_TRANSPORT' },
  },
  {
    name: 'stream, stalls after 3 events',
    script: faults.stalledStream(EVENTS, 3),
    streamed: true,
    ours: { attempts: 1, outcome: 'LM_TIMEOUT' },
  },
  {
    name: 'stream, an error after 3 events',
    script: faults.errorInStream(EVENTS, 3, { message: 'overloaded', type: 'server_error', code: 'server_error' }),
    streamed: true,
    ours: { attempts: 1, outcome: 'LM_SERVER' },
  },
];
