import type { LookupFunction } from 'node:net';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import { wholeNumber } from '../../../core/util/check-options';
import type { CredentialOptions } from '../credentials';
import type { HttpOptions } from '../http';
import { isProxyUrl } from './proxy';

/** How a server is reached: the options of every client over HTTP, whatever it asks for. */
export interface ConnectionOptions extends CredentialOptions {
  /** Time for one request, in milliseconds; default 300,000. A call may bring its own. */
  readonly deadlineMs?: number;
  /** Time until the answer begins, in milliseconds; default 120,000. */
  readonly firstByteMs?: number;
  /** Time to connect, in milliseconds; default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Longest body of an answer once it is unpacked, in bytes; default 64 MiB. */
  readonly maxResponseBytes?: number;
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

/** The names of those options. */
export const CONNECTION_OPTIONS: readonly (keyof ConnectionOptions)[] = [
  'apiKey',
  'apiKeyEnv',
  'headers',
  'query',
  'deadlineMs',
  'firstByteMs',
  'connectTimeoutMs',
  'maxResponseBytes',
  'connections',
  'proxy',
  'ca',
  'lookup',
];

const NUMBERS = ['deadlineMs', 'firstByteMs', 'connectTimeoutMs', 'maxResponseBytes', 'connections'] as const;

/** Throws `InvalidOptionError` in the name of `owner`, which has checked the names; keys and headers check themselves. */
export function checkConnectionOptions(owner: string, options: ConnectionOptions): void {
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

/** What of these options the HTTP client needs, with the defaults. */
export function httpOptionsOf(options: ConnectionOptions): HttpOptions {
  const { connectTimeoutMs = 10_000, maxResponseBytes = 64 * 1024 * 1024, connections = 256 } = options;
  const { lookup, proxy, ca } = options;
  return { connectTimeoutMs, maxResponseBytes, connections, lookup, proxy, ca };
}
