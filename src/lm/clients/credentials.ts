import { type LMErrorDetails, MissingApiKeyError } from '../../core/errors/lm-errors';
import { type Redact, redactorOf, secretsInUrl } from './redact';

/** The part of a client's options that holds secrets. */
export interface CredentialOptions {
  /** The key. It is kept out of every error, log and request key. */
  readonly apiKey?: string;
  /** Environment variable that holds the key, read at each call; default the provider's own, none for other servers. */
  readonly apiKeyEnv?: string;
  /** Further headers; their values are treated as secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Query parameters of every request, for gateways that need one; treated as secrets. */
  readonly query?: Readonly<Record<string, string>>;
}

const KEY_HEADER = /^(authorization|api-key|x-api-key|x-goog-api-key)$/iu;

/** The secrets of one client: where its key comes from, and what must not be seen of them. Nothing of it can be enumerated. */
export class Credentials {
  readonly #options: CredentialOptions;
  readonly #variable: string | undefined;
  readonly #proxySecrets: readonly string[];
  #redactor: { readonly key: string | undefined; readonly redact: Redact } | undefined;

  /** `variable` is where the key is looked up when the options name none. */
  constructor(options: CredentialOptions & { readonly proxy?: string | false }, variable: string | undefined) {
    this.#options = { ...options, headers: { ...options.headers }, query: { ...options.query } };
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
