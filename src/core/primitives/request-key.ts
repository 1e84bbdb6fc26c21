import { createHash, type Hash, hash } from 'node:crypto';
import { canonicalJson, jsonText } from '../util/canonical-json';
import type { LMRequest } from './lm-request';
import type { Message } from './message';
import { sharedPrefixOf } from './shared-prefix';

/**
 * The canonical key of a request: SHA-256, in hex, of its canonical JSON (keys sorted, absent options dropped).
 * Cache, single-flight, recording and journal share it. It holds endpoint, model, messages, options and rollout id.
 */
export function requestKey(request: LMRequest): string {
  const { endpoint, messages } = request;
  const prefix = sharedPrefixOf(messages);
  const start = prefix === undefined ? undefined : startOf(endpoint, prefix);
  const rest = `${messagesJson(messages, prefix?.length ?? 0)}${endJson(request)}`;
  if (start?.hashed !== undefined) return start.hashed.copy().update(rest).digest('hex');
  return hash('sha256', `${start?.text ?? headJson(endpoint)}${rest}`, 'hex');
}

/** The canonical JSON of a request as far as the messages that many requests begin with, or its hash so far. */
interface Start {
  readonly endpoint: string;
  /** Where there is a hash: empty. */
  readonly text: string;
  /** Copied, never updated. */
  readonly hashed?: Hash;
}

const starts = new WeakMap<readonly Message[], readonly Start[]>();
/** The same prompts may go to several endpoints. */
const MOST_ENDPOINTS = 4;
/** In characters. From here on it costs less to copy the state of a hash (1 us) than to hash the text again. */
const WORTH_HASHING = 512;

function startOf(endpoint: string, prefix: readonly Message[]): Start {
  const known = starts.get(prefix) ?? [];
  for (const start of known) if (start.endpoint === endpoint) return start;
  const text = `${headJson(endpoint)}${messagesJson(prefix, 0)}`;
  const isLong = text.length >= WORTH_HASHING;
  const start = isLong ? { endpoint, text: '', hashed: createHash('sha256').update(text) } : { endpoint, text };
  starts.set(prefix, [start, ...known.slice(0, MOST_ENDPOINTS - 1)]);
  return start;
}

// Member by member: a walk over the whole request as over any value costs as much again as its hash.
function headJson(endpoint: string): string {
  return `{"endpoint":${jsonText(endpoint)},"messages":[`;
}

function messagesJson(messages: readonly Message[], from: number): string {
  let text = '';
  for (let at = from; at < messages.length; at += 1) {
    text += `${at === 0 ? '' : ','}${messageJson(messages[at] as Message)}`;
  }
  return text;
}

/** Most messages have a role and a text and nothing else. */
function messageJson(message: Message): string {
  const { content, role } = message;
  const isPlain = typeof content === 'string' && typeof role === 'string' && Object.keys(message).length === 2;
  return isPlain ? `{"content":${jsonText(content)},"role":${jsonText(role)}}` : canonicalJson(message);
}

function endJson({ model, options, rolloutId }: LMRequest): string {
  const rollout = rolloutId === undefined ? '' : `,"rolloutId":${canonicalJson(rolloutId)}`;
  return `],"model":${jsonText(model)},"options":${canonicalJson(options)}${rollout}}`;
}
