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
  const start = prefix && prefix.length > 0 ? hashedStart(endpoint, prefix) : undefined;
  if (prefix === undefined || start === undefined) {
    return hash('sha256', `${startJson(endpoint)}${messagesJson(messages, 0)}${endJson(request)}`, 'hex');
  }
  return start
    .copy()
    .update(`${messagesJson(messages, prefix.length)}${endJson(request)}`)
    .digest('hex');
}

/** The hash of a request as far as the messages that many requests begin with. */
interface Start {
  readonly endpoint: string;
  /** Copied, never updated; absent where the text is too short to gain anything. */
  readonly hashed: Hash | undefined;
}

const starts = new WeakMap<readonly Message[], readonly Start[]>();
/** The same prompts may go to several endpoints. */
const MOST_ENDPOINTS = 4;
/** In characters. From here on it costs less to copy the state of a hash (1 us) than to write the text and hash it again. */
const WORTH_KEEPING = 512;

function hashedStart(endpoint: string, prefix: readonly Message[]): Hash | undefined {
  const known = starts.get(prefix) ?? [];
  for (const start of known) if (start.endpoint === endpoint) return start.hashed;
  const text = `${startJson(endpoint)}${messagesJson(prefix, 0)}`;
  const hashed = text.length < WORTH_KEEPING ? undefined : createHash('sha256').update(text);
  starts.set(prefix, [{ endpoint, hashed }, ...known.slice(0, MOST_ENDPOINTS - 1)]);
  return hashed;
}

// Member by member: a walk over the whole request as over any value costs as much again as its hash.
function startJson(endpoint: string): string {
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
