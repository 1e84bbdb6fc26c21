import { LMError, type LMErrorDetails, LMTransportError } from '../../../core/errors/lm-errors';
import type { OnDelta } from '../../../core/primitives/lm-delta';
import type { LMResponse } from '../../../core/primitives/lm-response';
import type { WireStream } from '../wire/wire-format';
import { type DecodedEvent, EventDecoder } from './event-decoder';

/** Events with an id that are remembered, to know one that is sent again. */
const REMEMBERED = 64;

/** Reads one streamed answer and tells its pieces as they come. */
export class StreamReader {
  readonly #stream: WireStream;
  readonly #onDelta: OnDelta;
  readonly #about: LMErrorDetails;
  readonly #seen = new Map<string, string>();
  #told = false;
  #over = false;

  constructor(stream: WireStream, onDelta: OnDelta, about: LMErrorDetails) {
    this.#stream = stream;
    this.#onDelta = onDelta;
    this.#about = about;
  }

  /** The whole answer. The next bytes are not read before the last piece was taken. */
  async read(chunks: AsyncIterable<Uint8Array>): Promise<LMResponse> {
    const stream = this.#stream;
    const decoder = new EventDecoder({ about: this.#about });
    for await (const chunk of chunks) {
      for (const event of decoder.push(chunk)) {
        if (this.#again(event)) continue;
        for (const delta of stream.read(event)) {
          if (this.#over) throw new Error('the call has ended');
          this.#told = true;
          const taken = this.#onDelta(delta);
          if (taken !== undefined) await taken;
        }
        if (stream.done) return stream.end();
      }
    }
    if (stream.whole) return stream.end();
    throw new LMTransportError('The stream ended before the answer was complete.', this.#about);
  }

  /**
   * The error of a stream that broke, with what had come of the answer. Once a piece was told the call is not to be repeated:
   * the one who listens would be told it twice. Nothing is told after this.
   */
  brokenOff(error: unknown): unknown {
    this.#over = true;
    if (!(error instanceof LMError)) return error;
    const told = this.#told ? { partial: this.#stream.answer.partial, shouldRetry: false } : {};
    // Whoever puts the answer together does not know whom it is from.
    return Object.assign(error, { details: { ...this.#about, ...error.details, ...told } });
  }

  /**
   * True for an event that was sent before. A server may give all its events one id, and a model may say the same twice: so it
   * must be the same id and the same data, on a stream whose ids change.
   */
  #again({ id, ownId, data }: DecodedEvent): boolean {
    if (!ownId || id === '') return false;
    const again = this.#seen.size > 1 && this.#seen.get(id) === data;
    this.#seen.set(id, data);
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.keys().next().value as string);
    return again;
  }
}
