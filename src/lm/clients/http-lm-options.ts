import type { LookupFunction } from 'node:net';
import { InvalidOptionError } from '../../core/errors/option-errors';
import type { LMCapabilities } from '../../core/ports/lm';
import { LM_OPTIONS, type LMOptions } from '../../core/primitives/lm-request';
import { checkOptions, wholeNumber } from '../../core/util/check-options';
import type { CredentialOptions } from './credentials';
import type { HttpOptions } from './http';
import { isProxyUrl } from './http/proxy';
import { checkPrices, type Prices } from './prices/price-of';
import { isMembers } from './wire/members';

/** The options of every client that speaks to a server over HTTP. */
export interface HttpLMOptions extends CredentialOptions {
  /** The model's name as the server knows it. */
  readonly model: string;
  /** Where the server is, without the path of the single request; default the provider's own address. */
  readonly baseUrl?: string;
  /** Generation options that apply unless predictor or call say otherwise. */
  readonly defaults?: LMOptions;
  /** What the model can do; default from a small table, where everything unknown is false. */
  readonly capabilities?: Partial<LMCapabilities>;
  /** Time for one request, in milliseconds; default 300,000. A call may bring its own. */
  readonly deadlineMs?: number;
  /** Time until the answer begins, in milliseconds; default 120,000. */
  readonly firstByteMs?: number;
  /** Longest gap between two events of a streamed answer, in milliseconds; default 30,000. */
  readonly idleMs?: number;
  /** Time to connect, in milliseconds; default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Longest body of an answer once it is unpacked, in bytes; default 64 MiB. */
  readonly maxResponseBytes?: number;
  /** Prices by model, in US dollars per million tokens; they come before the list prices that dspex knows. */
  readonly prices?: Prices;
  /** Most sockets at a time; default 256. */
  readonly connections?: number;
  /**
   * URL of a proxy, which may hold credentials; `false` for none. Default the one that the environment names (`HTTPS_PROXY`,
   * `HTTP_PROXY`, `NO_PROXY`), except for servers on this machine.
   */
  readonly proxy?: string | false;
  /** Certificates to trust in place of those that Node knows, in PEM. */
  readonly ca?: string;
  /** Resolves the names of hosts, as the option of that name of `net.connect`; default the system's way. */
  readonly lookup?: LookupFunction;
}

/** The names of those options, for the checks of clients that have more. */
export const HTTP_LM_OPTIONS: readonly (keyof HttpLMOptions)[] = [
  'model',
  'baseUrl',
  'apiKey',
  'apiKeyEnv',
  'headers',
  'query',
  'defaults',
  'capabilities',
  'deadlineMs',
  'firstByteMs',
  'idleMs',
  'connectTimeoutMs',
  'maxResponseBytes',
  'prices',
  'connections',
  'proxy',
  'ca',
  'lookup',
];

const CAPABILITIES: readonly (keyof LMCapabilities)[] = [
  'jsonMode',
  'jsonSchema',
  'functionCalling',
  'reasoning',
  'images',
  'audio',
  'logprobs',
  'streaming',
  'temperature',
  'citations',
  'maxOutputTokens',
];

const NUMBERS = ['deadlineMs', 'firstByteMs', 'idleMs', 'connectTimeoutMs', 'maxResponseBytes', 'connections'] as const;

/** Throws `UnknownOptionError` or `InvalidOptionError`; `further` are the options that one client has of its own. */
export function checkHttpLMOptions(owner: string, options: HttpLMOptions, further: readonly string[] = []): void {
  checkOptions(owner, options, [...HTTP_LM_OPTIONS, ...further]);
  if (typeof options.model !== 'string' || options.model === '') {
    throw new InvalidOptionError(owner, 'model', options.model, "the model's name");
  }
  checkMembers(owner, 'defaults', options.defaults, LM_OPTIONS);
  checkMembers(owner, 'capabilities', options.capabilities, CAPABILITIES);
  if (options.prices !== undefined) checkPrices(owner, options.prices);
  const { proxy, ca, lookup } = options;
  if (proxy !== undefined && proxy !== false && !isProxyUrl(proxy)) {
    // What was given may hold a password.
    throw new InvalidOptionError(owner, 'proxy', '[redacted]', 'false or a URL such as http://localhost:3128');
  }
  if (ca !== undefined && (typeof ca !== 'string' || !ca.includes('-----BEGIN CERTIFICATE-----'))) {
    throw new InvalidOptionError(owner, 'ca', ca, 'certificates in PEM');
  }
  if (lookup !== undefined && typeof lookup !== 'function') {
    throw new InvalidOptionError(owner, 'lookup', lookup, 'a function such as dns.lookup');
  }
  for (const name of NUMBERS) {
    const value = options[name];
    if (value !== undefined) wholeNumber(owner, name, value, 1);
  }
}

function checkMembers(owner: string, option: string, value: unknown, known: readonly string[]): void {
  if (value === undefined) return;
  if (!isMembers(value))
    throw new InvalidOptionError(owner, option, value, `an object with some of: ${known.join(', ')}`);
  checkOptions(`${owner}, ${option}`, value, known);
}

/** What of these options the HTTP client needs, with the defaults. */
export function httpOptionsOf(options: Omit<HttpLMOptions, 'model'>): HttpOptions {
  const { connectTimeoutMs = 10_000, maxResponseBytes = 64 * 1024 * 1024, connections = 256 } = options;
  const { lookup, proxy, ca } = options;
  return { connectTimeoutMs, maxResponseBytes, connections, lookup, proxy, ca };
}
