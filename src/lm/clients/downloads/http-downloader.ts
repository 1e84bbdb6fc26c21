import {
  LMInvalidRequestError,
  LMInvalidResponseError,
  LMTimeoutError,
  LMTransportError,
} from '../../../core/errors/lm-errors';
import { BlockedAddressError, DownloadError } from '../../../core/errors/value-errors';
import { type Downloaded, Downloader, type DownloadOptions } from '../../../core/ports/downloader';
import { checkOptions, wholeNumber } from '../../../core/util/check-options';
import { monotonicMs } from '../../../core/util/clock';
import { HttpClient, type HttpDownload } from '../http';
import { type HeaderFields, headerOf } from '../retry-after';
import { publicLookup, refusePrivateHost } from './public-address';

const MAX_REDIRECTS = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const OPTIONS: readonly (keyof DownloadOptions)[] = ['timeoutMs', 'maxBytes', 'allowPrivate', 'signal'];

/**
 * Downloads by HTTP(S): one deadline, a bound on the size, redirects within one origin only, public addresses only. No cookies, no
 * credentials, no proxy, and certificates are always checked.
 */
export class HttpDownloader extends Downloader {
  override async download(url: string, options: DownloadOptions = {}): Promise<Downloaded> {
    checkOptions('download', options, OPTIONS);
    const { timeoutMs = 30_000, maxBytes = 64 * 1024 * 1024, allowPrivate = false, signal } = options;
    wholeNumber('download', 'timeoutMs', timeoutMs, 1);
    wholeNumber('download', 'maxBytes', maxBytes, 1);
    const endMs = monotonicMs() + timeoutMs;
    const start = checkedUrl(url, allowPrivate);
    // A client of its own for each download: no socket that another check let through is used again.
    const http = new HttpClient({
      connectTimeoutMs: timeoutMs,
      maxResponseBytes: maxBytes,
      connections: 1,
      proxy: false,
      lookup: allowPrivate ? undefined : publicLookup,
    });
    try {
      let target = start;
      for (let followed = 0; followed <= MAX_REDIRECTS; followed += 1) {
        const response = await get(http, target, endMs - monotonicMs(), signal);
        if (!REDIRECTS.includes(response.status)) return checkedAnswer(target.href, response);
        target = redirectTarget(target, response.headers);
      }
      throw new DownloadError(url, `it is redirected more than ${MAX_REDIRECTS} times.`);
    } catch (error) {
      throw typed(error, url, timeoutMs, maxBytes);
    } finally {
      http.close().catch(() => {});
    }
  }
}

function get(http: HttpClient, url: URL, leftMs: number, signal: AbortSignal | undefined): Promise<HttpDownload> {
  return http.get({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'dspex' },
    signal,
    deadlineMs: leftMs,
    firstByteMs: leftMs,
    about: {},
  });
}

function checkedUrl(text: string, allowPrivate: boolean): URL {
  if (!URL.canParse(text)) throw new DownloadError(text, 'it is no URL.');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new DownloadError(text, 'only http: and https: URLs are; a local file is read by fromPath(path).');
  }
  if (url.username !== '' || url.password !== '') {
    throw new DownloadError(text, 'it holds credentials. Fetch it yourself and use fromBytes(bytes).');
  }
  if (!allowPrivate) refusePrivateHost(url.hostname);
  return url;
}

function checkedAnswer(url: string, { status, headers, bytes }: HttpDownload): Downloaded {
  if (status !== 200) throw new DownloadError(url, `the server answered with status ${status}.`, { status });
  const encoding = headerOf(headers, 'content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    throw new DownloadError(url, `the server compressed it (${encoding}), although it was asked not to.`);
  }
  return { bytes, contentType: headerOf(headers, 'content-type') };
}

/** Where a redirect leads: the same origin, or nowhere, because another one was not what the program named. */
function redirectTarget(from: URL, headers: HeaderFields): URL {
  const location = headerOf(headers, 'location') ?? '';
  if (!URL.canParse(location, from.href)) throw new DownloadError(from.href, 'it is redirected to no URL.');
  const target = new URL(location, from.href);
  if (target.origin === from.origin && target.username === '' && target.password === '') return target;
  throw new DownloadError(
    from.href,
    `it is redirected to another origin, ${target.protocol}//${target.host}. If you trust that one, name the URL there.`,
  );
}

/** The errors of the HTTP client are about language models; these are about a download. */
function typed(error: unknown, url: string, timeoutMs: number, maxBytes: number): unknown {
  const cause = (error as { cause?: unknown } | null)?.cause;
  if (cause instanceof BlockedAddressError) return cause;
  if (error instanceof LMTimeoutError) {
    return new DownloadError(url, `it was not there within ${timeoutMs} ms (timeoutMs).`, { cause: error });
  }
  if (error instanceof LMInvalidResponseError) {
    return new DownloadError(url, `it is longer than ${maxBytes} bytes (maxBytes).`, { cause: error });
  }
  if (error instanceof LMTransportError || error instanceof LMInvalidRequestError) {
    const code = error.details.providerCode ?? 'unknown';
    return new DownloadError(url, `the connection failed (${code}).`, { cause: error });
  }
  return error;
}
