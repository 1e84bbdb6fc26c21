import { DspexError, type DspexErrorOptions } from './dspex-error';

const SHOWN_CHARACTERS = 200;

/** A text from a model does not give a value of the type asked for. Adapters wrap it in `AdapterParseError`. */
export class ValueParseError extends DspexError {
  readonly code = 'VALUE_PARSE';
  /** Where inside the value, for example `address.city` or `2`; empty for the value itself. */
  readonly path: string;
  /** What was wrong there, in words an LM can act on too. */
  readonly problem: string;

  constructor(problem: string, path: readonly (string | number)[] = [], options: DspexErrorOptions = {}) {
    super(path.length === 0 ? problem : `at ${path.join('.')}: ${problem}`, options);
    this.path = path.join('.');
    this.problem = problem;
  }
}

/** A text that should be JSON is not, or is larger or deeper than allowed. */
export class JsonParseError extends DspexError {
  readonly code = 'JSON_PARSE';

  constructor(problem: string, options: DspexErrorOptions = {}) {
    super(`The text could not be read as JSON: ${problem}.`, options);
  }
}

/** A text that should be XML is not, or is larger or deeper than allowed. */
export class XmlParseError extends DspexError {
  readonly code = 'XML_PARSE';
  /** What is wrong, without the place. */
  readonly problem: string;

  /** `at` is the place in the text, in characters from its start. */
  constructor(problem: string, at?: number) {
    super(`The text could not be read as XML: ${problem}${at === undefined ? '' : ` (at character ${at})`}.`);
    this.problem = problem;
  }
}

/** A value cannot be written into a prompt. */
export class UnprintableValueError extends DspexError {
  readonly code = 'UNPRINTABLE_VALUE';
  readonly problem: string;

  constructor(problem: string, field?: string) {
    super(
      `The value${field === undefined ? '' : ` of the field '${field}'`} cannot be written into a prompt: ${problem}. ` +
        `Give text, numbers, booleans, dates, or lists and plain objects of them.`,
    );
    this.problem = problem;
  }
}

/** An image, sound, file or document cannot be made of what was given. */
export class MediaError extends DspexError {
  readonly code = 'MEDIA';
}

/** What was to be put into a prompt cannot be fetched from its URL. The URL is shown without its query, which may hold a secret. */
export class DownloadError extends DspexError {
  readonly code = 'DOWNLOAD';
  /** The HTTP status, when the server answered with one that is no success. */
  readonly status: number | undefined;

  constructor(url: string, problem: string, options: DspexErrorOptions & { readonly status?: number } = {}) {
    super(`'${shownUrl(url)}' cannot be downloaded: ${problem}`, options);
    this.status = options.status;
  }
}

/** A URL leads to this machine or into a private network, where a URL from elsewhere has no business. */
export class BlockedAddressError extends DspexError {
  readonly code = 'BLOCKED_ADDRESS';
  readonly address: string;

  constructor(host: string, address: string) {
    super(
      `'${host}' is at ${address}, which is no public address: this machine, a private network or a cloud's metadata. ` +
        'Nothing was sent. If the URL comes from you and not from a user or a model, give fromUrl the option allowPrivate: true.',
    );
    this.address = address;
  }
}

/** Something is to be downloaded, and nothing here does it. */
export class NoDownloaderError extends DspexError {
  readonly code = 'NO_DOWNLOADER';

  constructor(owner: string) {
    super(
      `${owner}.fromUrl has nothing to download with. Import the package by its main entry ('dspex'), or give it the ` +
        'option downloader.',
    );
  }
}

/** A tool was called with arguments that it does not take. */
export class ToolArgumentError extends DspexError {
  readonly code = 'TOOL_ARGUMENT';

  constructor(
    readonly tool: string,
    problem: string,
    options: DspexErrorOptions = {},
  ) {
    super(`The tool '${tool}' cannot be called: ${problem}.`, options);
  }
}

/** A value for messages: its JSON, bounded. */
export function shownValue(value: unknown): string {
  let text: string;
  try {
    const bounded = typeof value === 'string' ? value.slice(0, SHOWN_CHARACTERS + 1) : value;
    text = typeof bounded === 'bigint' ? String(bounded) : (JSON.stringify(bounded) ?? String(bounded));
  } catch {
    text = String(value);
  }
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

/** A URL for messages: no credentials, no query, and not long. */
function shownUrl(text: string): string {
  if (!URL.canParse(text)) return text.slice(0, SHOWN_CHARACTERS);
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname}`.slice(0, SHOWN_CHARACTERS);
}
