import type { LMErrorDetails } from '../../../core/errors/lm-errors';
import type { LMDelta } from '../../../core/primitives/lm-delta';
import type { LMRequest } from '../../../core/primitives/lm-request';
import type { LMResponse } from '../../../core/primitives/lm-response';
import type { Redact } from '../redact';
import type { AnswerSoFar } from './answer-so-far';

/** What is known about the exchange that a body belongs to. */
export interface Exchange {
  readonly status: number;
  readonly about: LMErrorDetails;
  readonly redact: Redact;
}

/** One event of a stream, as the server-sent-events standard reads it. */
export interface ServerSentEvent {
  /** The event's name; `message` where the server gives none. */
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/**
 * How one family of providers writes requests and answers. Formats are values without state; whatever they read is hostile
 * text, and nothing that may be a secret reaches an error unredacted.
 */
export interface WireFormat {
  /** The name in errors and docs, for example `anthropic`. */
  readonly name: string;
  /** Path of a request behind the base URL, with a leading slash. */
  path(request: LMRequest, streaming: boolean): string;
  /** The headers that carry the key and name the protocol. */
  headers(key: string | undefined): Readonly<Record<string, string>>;
  /** The JSON body. Throws `LMInvalidRequestError` for what the format cannot say, before anything is sent. */
  body(request: LMRequest, streaming: boolean): string;
  /** The answer in a body with status 200, frozen. Throws a typed `LMError` when there is none in it. */
  read(text: string, exchange: Exchange): LMResponse;
  /** The error of a body whose status says failure. */
  failure(text: string, exchange: Exchange): Error;
  /** A reader for the events of one streamed answer. */
  stream(exchange: Exchange): WireStream;
}

/** Reads one streamed answer, event by event. */
export interface WireStream {
  /** What has come so far. */
  readonly answer: AnswerSoFar;
  /** True once the server has said that this was all. */
  readonly done: boolean;
  /** True when the answer is whole although the server has not said so: then it may end here as well. */
  readonly whole?: boolean;
  /** Takes the next event; gives what it adds. Unknown events add nothing. Throws the typed error of a failure told in the stream. */
  read(event: ServerSentEvent): readonly LMDelta[];
  /** The whole answer, after the last event. Throws the same errors as `WireFormat.read`. */
  end(): LMResponse;
}
