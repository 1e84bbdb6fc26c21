import type { LMDelta } from '../../../core/primitives/lm-delta';
import type { LMResponse } from '../../../core/primitives/lm-response';
import { AnswerSoFar } from '../wire/answer-so-far';
import { finishAnswer } from '../wire/finish-answer';
import { isMembers } from '../wire/members';
import { readBody } from '../wire/read-body';
import { written } from '../wire/refuse';
import type { Exchange, ServerSentEvent, WireFormat, WireStream } from '../wire/wire-format';
import { readGenerated, readInto } from './generate-answer';
import { generateFailure } from './generate-failure';
import { generateBody } from './generate-request';

/** Gemini's generateContent. The key goes into a header, never into the address, which servers write into logs. */
export const GENERATE_FORMAT: WireFormat = {
  name: 'gemini',
  path: ({ model }, streaming) => {
    const path = `/models/${encodeURIComponent(model.replace(/^models\//u, ''))}`;
    return streaming ? `${path}:streamGenerateContent?alt=sse` : `${path}:generateContent`;
  },
  headers: (key): Record<string, string> => (key === undefined ? {} : { 'x-goog-api-key': key }),
  body: (request) => written(request, () => generateBody(request)),
  read: readGenerated,
  failure: generateFailure,
  stream: (exchange) => new GenerateStream(exchange),
};

/** Reads a streamed answer: each event is a response of its own whose parts continue the ones before. */
class GenerateStream implements WireStream {
  readonly answer = new AnswerSoFar();
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** There is no last event: the connection ends behind the last chunk. */
  readonly done = false;

  /** It is whole when every candidate has said why it stopped. */
  get whole(): boolean {
    const { completions } = this.answer;
    return completions.length > 0 && completions.every(({ finishReason }) => finishReason !== undefined);
  }

  read({ data }: ServerSentEvent): readonly LMDelta[] {
    const body = readBody(data);
    if (body === undefined) return [];
    if (isMembers(body['error'])) throw generateFailure(data, { ...this.#exchange, status: 0 });
    return readInto(this.answer, body, this.#exchange);
  }

  end(): LMResponse {
    return finishAnswer(this.answer, this.#exchange);
  }
}
