import { LMError, type LMErrorDetails, LMInvalidResponseError } from '../../../core/errors/lm-errors';
import type { OnDelta } from '../../../core/primitives/lm-delta';
import type { LMResponse } from '../../../core/primitives/lm-response';
import type { HttpAnswer } from '../http';
import type { Redact } from '../redact';
import { type HeaderFields, headerOf } from '../retry-after';
import { StreamReader } from '../sse/read-stream';
import type { WireFormat } from '../wire/wire-format';
import { requestIdOf, waitOf } from './answer-facts';

/** The header that names a request; servers that give it back show by it whose answer they send. */
export const REQUEST_ID = 'x-client-request-id';

export interface AnswerReaderOptions {
  readonly format: WireFormat;
  /** Absent when the answer was not asked for in pieces. */
  readonly onDelta: OnDelta | undefined;
  readonly about: LMErrorDetails;
  readonly redact: Redact;
  /** What the request called itself, if we named it. */
  readonly sentId: string | undefined;
}

/** Makes an `LMResponse` of the answer to one request, whether it comes whole, in pieces, or as a failure. */
export class AnswerReader {
  readonly #options: AnswerReaderOptions;
  #stream: StreamReader | undefined;
  #facts: Readonly<Record<string, unknown>> = {};
  #body: HttpAnswer['body'] | undefined;

  constructor(options: AnswerReaderOptions) {
    this.#options = options;
  }

  async read({ status, headers, body, distrust }: HttpAnswer): Promise<LMResponse> {
    const { format, onDelta, redact } = this.#options;
    const about: LMErrorDetails = { ...this.#options.about, ...requestIdOf(headers, redact) };
    this.#facts = { status, requestId: about.requestId };
    this.#body = body;
    this.#checkEcho(headers, { ...about, status }, distrust);
    // A server that does not stream answers whole.
    if (onDelta !== undefined && status === 200 && isEventStream(headers)) {
      this.#stream = new StreamReader(format.stream({ status, about, redact }), onDelta, about);
      return this.#stream.read(body.chunks());
    }
    const text = await body.text();
    if (status === 200) return format.read(text, { status, about, redact });
    throw format.failure(text, { status, about: { ...about, ...waitOf(headers) }, redact });
  }

  /** The error of an answer that broke, with what had come of it; nothing is told after this. */
  brokenOff(error: unknown): unknown {
    if (this.#stream !== undefined) return this.#stream.brokenOff(error);
    // Whoever puts an answer together does not know whom it is from.
    if (!(error instanceof LMError) || error.details.model !== undefined) return error;
    return Object.assign(error, { details: { ...this.#options.about, ...error.details } });
  }

  /** What telemetry may say of the answer. */
  facts(): Readonly<Record<string, unknown>> {
    return { ...this.#facts, bytesIn: this.#body?.bytesRead };
  }

  /** An answer that names another request is somebody else's: the connection has got out of step, and is dropped. */
  #checkEcho(headers: HeaderFields, about: LMErrorDetails, distrust: () => void): void {
    const { sentId } = this.#options;
    const echoed = headerOf(headers, REQUEST_ID);
    if (sentId === undefined || echoed === undefined || echoed === sentId) return;
    distrust();
    throw new LMInvalidResponseError('The answer belongs to another request, and was thrown away.', about);
  }
}

function isEventStream(headers: HeaderFields): boolean {
  return /^text\/event-stream\b/iu.test(headerOf(headers, 'content-type') ?? '');
}
