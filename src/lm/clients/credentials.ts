import { type LMErrorDetails, MissingApiKeyError } from '../../core/errors/lm-errors';
import { InvalidOptionError } from '../../core/errors/option-errors';
import { type Redact, redactorOf, secretsInUrl } from './redact';

/** The part of a client's options that holds secrets. */
export interface CredentialOptions {
  /** The key. It is kept out of every error, log and request key. */
  readonly apiKey?: string;
  /** Environment variable that holds the key, read at each call; default the provider's own, none for other servers. */
  readonly apiKeyEnv?: string;
  /** Further headers, over those of the client whatever their case; their values are treated as secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Query parameters of every request, for gateways that need one; treated as secrets. */
  readonly query?: Readonly<Record<string, string>>;
}

const KEY_HEADER = /^(authorization|api-key|x-api-key|x-goog-api-key)$/iu;

const NAME = /^[\w!#$%&'*+.^`|~-]+$/u;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/u;

/** What was given may be a secret, so it is not shown. */
function checkHeader(option: string, name: string, value: unknown): void {
  if (NAME.test(name) && typeof value === 'string' && VALUE.test(value)) return;
  throw new InvalidOptionError(
    'HTTP client',
    option,
    '[redacted]',
    'a text that an HTTP header can carry, on one line',
  );
}

/** Headers with their names in small letters: one that a client writes too is replaced by the user's, not sent beside it. */
function headersOf(headers: CredentialOptions['headers'] = {}): Readonly<Record<string, string>> {
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) checkHeader(`headers['${name}']`, name, value);
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value]));
}

/** The secrets of one client: where its key comes from, and what must not be seen of them. Nothing of it can be enumerated. */
export class Credentials {
  readonly #options: CredentialOptions;
  readonly #variable: string | undefined;
  readonly #proxySecrets: readonly string[];
  #redactor: { readonly key: string | undefined; readonly redact: Redact } | undefined;

  /** `variable` is where the key is looked up when the options name none. Throws `InvalidOptionError` for what is no header. */
  constructor(options: CredentialOptions & { readonly proxy?: string | false }, variable: string | undefined) {
    const { apiKey, headers, query } = options;
    if (apiKey !== undefined)
      checkHeader('apiKey', 'authorization', typeof apiKey === 'string' ? apiKey.trim() : apiKey);
    this.#options = { ...options, headers: headersOf(headers), query: { ...query } };
    this.#variable = options.apiKeyEnv ?? variable;
    const { https_proxy: small, HTTPS_PROXY: large, http_proxy: plain, HTTP_PROXY: upper } = process.env;
    const proxies = [options.proxy || undefined, small, large, plain, upper];
    this.#proxySecrets = proxies.flatMap((url) => (url === undefined ? [] : secretsInUrl(url)));
  }

  /** The key, or `undefined` where none is needed. Throws `MissingApiKeyError`. */
  key(about: LMErrorDetails): string | undefined {
    const { apiKey, headers = {} } = this.#options;
    // A key read from a file often ends with a newline, which no header can carry.
    if (apiKey !== undefined) return apiKey.trim();
    if (this.#variable === undefined) return undefined;
    const key = process.env[this.#variable]?.trim();
    if (key !== undefined && key !== '') return key;
    if (Object.keys(headers).some((name) => KEY_HEADER.test(name))) return undefined;
    throw new MissingApiKeyError(this.#variable, about);
  }

  /** The headers that the user gave. */
  get headers(): Readonly<Record<string, string>> {
    return this.#options.headers ?? {};
  }

  /** Removes the secrets of a request sent with this key from a text. */
  redactor(key: string | undefined): Redact {
    if (this.#redactor === undefined || this.#redactor.key !== key) {
      const { headers = {}, query = {} } = this.#options;
      const given = [key, ...Object.values(headers), ...Object.values(query)];
      this.#redactor = { key, redact: redactorOf([...given, ...this.#proxySecrets]) };
    }
    return this.#redactor.redact;
  }
}
