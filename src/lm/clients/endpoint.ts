import { InvalidOptionError } from '../../core/errors/option-errors';

/** Where a client sends its requests. */
export interface Endpoint {
  /** The base URL without credentials, query and trailing slash: part of every request key. */
  readonly base: string;
  readonly origin: string;
  /** Path of the base URL, without a trailing slash; empty for the root. */
  readonly folder: string;
  /** The query of every request with its question mark, or nothing. */
  readonly search: string;
  /** True for OpenAI itself. */
  readonly isOpenAI: boolean;
}

/** Reads a base URL. Throws `InvalidOptionError`, which never repeats what may be a secret in it. */
export function endpointOf(owner: string, baseUrl: string, query: Readonly<Record<string, string>> = {}): Endpoint {
  const wrong = (shown: string, expected: string) => new InvalidOptionError(owner, 'baseUrl', shown, expected);
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) {
    throw wrong(hideCredentials(String(baseUrl)), 'a URL such as http://localhost:8000/v1');
  }
  const url = new URL(baseUrl);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw wrong(url.protocol, 'an http: or https: URL');
  if (url.username !== '' || url.password !== '') {
    throw wrong(url.origin, 'a URL without credentials; give them as apiKey or in headers');
  }
  if (url.search !== '') throw wrong(`${url.origin}${url.pathname}?...`, 'a URL without a query; give it as query');
  const folder = url.pathname.replace(/\/+$/u, '');
  const search = new URLSearchParams(query).toString();
  return {
    base: `${url.origin}${folder}`,
    origin: url.origin,
    folder,
    search: search === '' ? '' : `?${search}`,
    isOpenAI: url.hostname === 'api.openai.com',
  };
}

/** The path of a request with the query of the endpoint, behind that of the format if it has one. */
export function pathAt({ folder, search }: Endpoint, path: string): string {
  return `${folder}${path}${path.includes('?') ? search.replace('?', '&') : search}`;
}

function hideCredentials(text: string): string {
  return text.replace(/\/\/[^/]*@/u, '//[redacted]@').replace(/\?.*$/u, '?...');
}
