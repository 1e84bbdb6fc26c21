import { LMError, type LMErrorDetails, LMInvalidResponseError } from '../../../core/errors/lm-errors';
import type { OnDelta } from '../../../core/primitives/lm-delta';
import type { LMResponse } from '../../../core/primitives/lm-response';
import type { Redact } from '../redact';
import { type HeaderFields, headerOf } from '../retry-after';
import { StreamReader } from '../sse/read-stream';
import type { WireFormat } from '../wire/wire-format';
import { aboutAnswer, waitOf } from './answer-facts';
import type { AnswerTaker, BodyForm, HttpAnswer } from './answer-taker';
import { textOf } from './body/whole-body';

/** The header that names a request; servers that give it back show by it whose answer they send. */
export const REQUEST_ID = 'x-client-request-id';

/** What the readers of one client have in common. */
export interface AnswerReaderParts {
  readonly format: WireFormat;
  readonly about: LMErrorDetails;
  /** Told when an exchange is over. */
  over(): void;
}

/** Makes an `LMResponse` of the answer to one request, whether it comes whole, in pieces, or as a failure. */
export class AnswerReader implements AnswerTaker<LMResponse> {
  readonly #redact: Redact;
  readonly #parts: AnswerReaderParts;
  readonly #sentId: string | undefined;
  readonly #onDelta: OnDelta | undefined;
  #answer: HttpAnswer | undefined;
  #about: LMErrorDetails | undefined;
  #stream: StreamReader | undefined;

  /** `sentId` is what the request called itself, if we named it; `onDelta` is absent when no pieces were asked for. */
  constructor(parts: AnswerReaderParts, redact: Redact, sentId: string | undefined, onDelta: OnDelta | undefined) {
    this.#parts = parts;
    this.#redact = redact;
    this.#sentId = sentId;
    this.#onDelta = onDelta;
  }

  get streams(): boolean {
    return this.#onDelta !== undefined;
  }

  head(answer: HttpAnswer): BodyForm {
    this.#answer = answer;
    const { status, headers } = answer;
    this.#checkEcho(answer);
    // A server that does not stream answers whole.
    return this.#onDelta !== undefined && status === 200 && isEventStream(headers) ? 'pieces' : 'whole';
  }

  whole(body: Buffer): LMResponse {
    const { format } = this.#parts;
    const { status, headers } = this.#answer ?? UNANSWERED;
    const text = textOf(body);
    const about = this.#aboutAnswer();
    if (status === 200) return format.read(text, { status, about, redact: this.#redact });
    throw format.failure(text, { status, about: { ...about, ...waitOf(headers) }, redact: this.#redact });
  }

  pieces(body: AsyncIterable<Uint8Array>): Promise<LMResponse> {
    const about = this.#aboutAnswer();
    const { status } = this.#answer ?? UNANSWERED;
    const stream = this.#parts.format.stream({ status, about, redact: this.#redact });
    this.#stream = new StreamReader(stream, this.#onDelta ?? (() => {}), about);
    return this.#stream.read(body);
  }

  /** The error of an answer that broke, with what had come of it; nothing is told after this. */
  failed(error: unknown): unknown {
    if (this.#stream !== undefined) return this.#stream.brokenOff(error);
    // Whoever puts an answer together does not know whom it is from.
    if (!(error instanceof LMError) || error.details.model !== undefined) return error;
    return Object.assign(error, { details: { ...this.#parts.about, ...error.details } });
  }

  over(): void {
    this.#parts.over();
  }

  /** What telemetry may say of the answer. */
  facts(): Readonly<Record<string, unknown>> {
    if (this.#answer === undefined) return {};
    const { status, bytesRead } = this.#answer;
    return { status, requestId: this.#aboutAnswer().requestId, bytesIn: bytesRead };
  }

  /** Who answered, with the provider's name of the request. */
  #aboutAnswer(): LMErrorDetails {
    const { headers } = this.#answer ?? UNANSWERED;
    this.#about ??= aboutAnswer(this.#parts.about, headers, this.#redact);
    return this.#about;
  }

  /** An answer that names another request is somebody else's: the connection has got out of step, and is dropped. */
  #checkEcho(answer: HttpAnswer): void {
    const echoed = headerOf(answer.headers, REQUEST_ID);
    if (this.#sentId === undefined || echoed === undefined || echoed === this.#sentId) return;
    answer.distrust();
    const about = { ...this.#aboutAnswer(), status: answer.status };
    throw new LMInvalidResponseError('The answer belongs to another request, and was thrown away.', about);
  }
}

const UNANSWERED: Pick<HttpAnswer, 'status' | 'headers'> = Object.freeze({ status: 0, headers: {} });

function isEventStream(headers: HeaderFields): boolean {
  return /^text\/event-stream\b/iu.test(headerOf(headers, 'content-type') ?? '');
}
