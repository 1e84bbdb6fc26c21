type Headers = Readonly<Record<string, string>>;

interface Written {
  readonly key: string | undefined;
  readonly headers: Headers;
}

/** Where the headers of a client's requests come from. */
export interface HeaderSources {
  /** Those that carry the key and name the protocol. */
  forKey(key: string | undefined): Headers;
  /** Those that go over all others. */
  readonly over: readonly (Headers | undefined)[];
}

/** The headers of one client's requests, put together once for each key: per request only its name is another. */
export class RequestHeaders {
  readonly #sources: HeaderSources;
  #whole: Written | undefined;
  #streamed: Written | undefined;

  constructor(sources: HeaderSources) {
    this.#sources = sources;
  }

  /** For an answer that is asked for at once, or in pieces too. Not to be changed. */
  for(key: string | undefined, streaming: boolean): Headers {
    const known = streaming ? this.#streamed : this.#whole;
    if (known !== undefined && known.key === key) return known.headers;
    const headers = Object.freeze({
      'content-type': 'application/json',
      accept: streaming ? 'text/event-stream, application/json' : 'application/json',
      'user-agent': 'dspex',
      ...this.#sources.forKey(key),
      ...Object.assign({}, ...this.#sources.over),
    });
    if (streaming) this.#streamed = { key, headers };
    else this.#whole = { key, headers };
    return headers;
  }
}
