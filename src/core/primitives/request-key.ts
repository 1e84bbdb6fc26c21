import { createHash, type Hash, hash } from 'node:crypto';
import { canonicalJson } from '../util/canonical-json';
import type { LMOptions, LMRequest } from './lm-request';
import type { Message } from './message';
import { sharedPrefixOf } from './shared-prefix';

/** Names the form of what is hashed: another form gives other keys. */
const FORM = 'dspex-request-1';

/**
 * The canonical key of a request: one SHA-256, in hex, of all that makes it this request: endpoint, model, options, messages and rollout id.
 * Equal requests have equal keys, in whatever order their members are, with absent ones or without. Cache, single-flight, recording and
 * journal share it.
 *
 * What is hashed: the name of the form; endpoint, model and options; the messages; `;`; the rollout id where there is one. A text stands there
 * as it is, with its length before it, because to write it as JSON takes twice as long as to hash it. A message of nothing but role and
 * content is those two texts; everything else is canonical JSON. It can be read back in one way only, so different requests hash different texts.
 */
export function requestKey(request: LMRequest): string {
  const { messages, rolloutId } = request;
  const prefix = sharedPrefixOf(messages);
  const head = headOf(request);
  const hashing = prefix === undefined ? new Hashing(head) : startOf(head, prefix).copy();
  addMessages(hashing, messages, prefix?.length ?? 0);
  return hashing.end(rolloutId === undefined ? ';' : `;${canonicalJson(rolloutId)}`);
}

/** In characters. From here on a text is hashed by itself: to join it to others copies it, an eighth of the time at 100,000. */
const LONG = 8192;

/** A hash on its way. Short texts wait and are hashed together: to begin a hash and to feed it twice costs as much as 1 kB of text. */
class Hashing {
  constructor(
    private waiting: string,
    private hashed?: Hash,
  ) {}

  add(text: string): void {
    this.waiting += text;
  }

  /** A text after its length. In UTF-8 every half of a surrogate pair is U+FFFD: a text with such a half is JSON, which tells them apart. */
  addText(text: string): void {
    if (!text.isWellFormed()) this.waiting += JSON.stringify(text);
    else if (text.length < LONG) this.waiting += `${text.length}:${text}`;
    else {
      this.waiting += `${text.length}:`;
      this.flush();
      this.hashed?.update(text);
    }
  }

  flush(): void {
    this.hashed = (this.hashed ?? createHash('sha256')).update(this.waiting);
    this.waiting = '';
  }

  get length(): number {
    return this.waiting.length;
  }

  copy(): Hashing {
    return new Hashing(this.waiting, this.hashed?.copy());
  }

  /** The digest in hex, with this text at the end. */
  end(text: string): string {
    const rest = this.waiting + text;
    return this.hashed === undefined ? hash('sha256', rest, 'hex') : this.hashed.update(rest).digest('hex');
  }
}

/** The hash as far as the messages that many requests begin with. */
interface Start {
  readonly head: string;
  /** Copied, never fed. */
  readonly hashing: Hashing;
}

const starts = new WeakMap<readonly Message[], readonly Start[]>();
/** The same prompts may go to several models, with several options. */
const MOST_HEADS = 4;
/** In characters. From here on it costs less to copy the state of a hash (0.5 us) than to hash the text again. */
const WORTH_HASHING = 512;

function startOf(head: string, prefix: readonly Message[]): Hashing {
  const known = starts.get(prefix) ?? [];
  for (const start of known) if (start.head === head) return start.hashing;
  const hashing = new Hashing(head);
  addMessages(hashing, prefix, 0);
  if (hashing.length >= WORTH_HASHING) hashing.flush();
  starts.set(prefix, [{ head, hashing }, ...known.slice(0, MOST_HEADS - 1)]);
  return hashing;
}

function addMessages(hashing: Hashing, messages: readonly Message[], from: number): void {
  for (let at = from; at < messages.length; at += 1) {
    const message = messages[at] as Message;
    const { content, role } = message;
    // It begins with a digit or a quote where it is two texts, with a brace where it is JSON.
    if (typeof content === 'string' && typeof role === 'string' && hasNoMore(message)) {
      hashing.addText(role);
      hashing.addText(content);
    } else hashing.add(canonicalJson(message));
  }
}

function hasNoMore(message: Message): boolean {
  for (const key of Object.keys(message)) {
    if (key !== 'role' && key !== 'content' && message[key as keyof Message] !== undefined) return false;
  }
  return true;
}

/** Endpoint, model and options of the latest request: the next one mostly has the same. */
const latest = { endpoint: '', model: '', options: {} as LMOptions, head: '' };

function headOf({ endpoint, model, options }: LMRequest): string {
  if (endpoint !== latest.endpoint || model !== latest.model || !areSame(options, latest.options)) {
    latest.endpoint = endpoint;
    latest.model = model;
    // A copy, because it must not change with the one it is compared to.
    latest.options = { ...options };
    latest.head = canonicalJson([FORM, endpoint, model, options]);
  }
  return latest.head;
}

/** Saves to write them again, a quarter of a microsecond. `false` for lists and objects, whose members may have changed. */
function areSame(left: LMOptions, right: LMOptions): boolean {
  const keys = Object.keys(left) as (keyof LMOptions)[];
  const others = Object.keys(right);
  if (keys.length !== others.length) return false;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as keyof LMOptions;
    const value = left[key];
    if (key !== others[at] || value !== right[key] || typeof value === 'object') return false;
  }
  return true;
}
