import { AsyncResource } from 'node:async_hooks';
import { LMTimeoutError } from '../../../core/errors/lm-errors';
import { onAbort } from '../../../core/util/on-abort';
import { type HeaderFields, headerOf } from '../retry-after';
import type { AnswerTaker, BodyForm, HttpAnswer } from './answer-taker';
import { type BodySource, StreamedBody } from './body/streamed-body';
import { packingOf } from './body/unpacked';
import { gathered, wholeOf } from './body/whole-body';
import { type ClockOwner, ExchangeClock } from './exchange-clock';
import { type AnswerHandler, type HttpRequest, type Route, type SocketControl, UnwantedConnection } from './route';
import { bodyFailure, type FailurePlace, transportFailure } from './transport-failure';

const NO_HEADERS: HeaderFields = Object.freeze({});

/**
 * One request and its answer: the handler that undici calls, and the promise of the caller. undici's own `request` makes a stream, an
 * async resource and an emitter for each, which cost more than all of this.
 */
export class HttpExchange<T> implements AnswerHandler, HttpAnswer, ClockOwner, BodySource {
  status = 0;
  headers: HeaderFields = NO_HEADERS;
  readonly #clock: ExchangeClock;
  readonly #route: Route;
  readonly #taker: AnswerTaker<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;
  readonly #place: FailurePlace;
  readonly #unlisten: (() => void) | undefined;
  readonly #context: AsyncResource | undefined;
  /** Until it is on a socket: then it is never sent again, and undici has bytes of its own. */
  #unsent: HttpRequest | undefined;
  #control: SocketControl | undefined;
  /** Known once the head has come. */
  #form: BodyForm | undefined;
  readonly #parts: Buffer[] = [];
  #bytesRead = 0;
  #body: StreamedBody | undefined;
  #over = false;

  /** Sends the request at once. `resolve` and `reject` are those of the caller's promise. */
  constructor(
    route: Route,
    request: HttpRequest,
    taker: AnswerTaker<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) {
    this.#route = route;
    this.#taker = taker;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#unsent = request;
    const { origin, about, signal } = request;
    this.#place = { origin, about, maxResponseBytes: route.maxResponseBytes };
    // The callbacks of a socket run in the context of whoever opened it; those of a listener, in that of the call.
    this.#context = taker.streams ? new AsyncResource('dspex.exchange') : undefined;
    this.#unlisten = signal && onAbort(signal, () => this.#stop(signal.reason));
    route.connecting.waits();
    this.#clock = new ExchangeClock(request, this);
    this.#send(request);
  }

  get bytesRead(): number {
    return this.#body?.bytesRead ?? this.#bytesRead;
  }

  distrust(): void {
    this.#route.retire();
  }

  expired(what: string): void {
    this.#stop(new LMTimeoutError(`${what}.`, this.#place.about));
  }

  pause(): void {
    this.#control?.pause();
  }

  resume(): void {
    this.#control?.resume();
  }

  /** Drops the connection, unless the answer is whole. One that is not on a socket yet is given up when it gets there. */
  giveUp(): void {
    this.#control?.abort(new Error('given up'));
  }

  onRequestStart(control: SocketControl): void {
    this.#control = control;
    this.#unsent = undefined;
    if (this.#over) this.giveUp();
  }

  onResponseStart(_: SocketControl, status: number, headers: HeaderFields): void {
    // Heads before the head, such as 103.
    if (status < 200 || this.#over) return;
    this.status = status;
    this.headers = headers;
    try {
      const form = this.#taker.head(this);
      this.#headed(form);
      const packing = form === 'packed' ? 'identity' : packingOf(headerOf(headers, 'content-encoding'));
      if (form === 'pieces' || packing !== 'identity') this.#read(form, packing);
    } catch (error) {
      this.#fail(error);
    }
  }

  onResponseData(_: SocketControl, part: Buffer): void {
    if (this.#body !== undefined) this.#body.push(part);
    else if (!this.#over) {
      this.#bytesRead += part.length;
      this.#parts.push(part);
    }
  }

  onResponseEnd(): void {
    if (this.#body !== undefined) this.#body.end();
    else if (!this.#over) this.#finish(wholeOf(this.#parts));
  }

  onResponseError(_: SocketControl | undefined, error: unknown): void {
    const unsent = this.#unsent;
    // This call came just when the connection was given up, and was sent nowhere yet.
    if (error instanceof UnwantedConnection && unsent !== undefined) this.#send(unsent);
    else if (this.#body !== undefined) this.#body.broken(error);
    else if (!this.#over) {
      this.#fail(this.#form === undefined ? transportFailure(error, this.#place) : bodyFailure(error, this.#place));
    }
  }

  #send({ origin, path, headers, body }: HttpRequest): void {
    const method = body === undefined ? 'GET' : 'POST';
    this.#route.send({ origin, path, headers, method, body: body ?? null, headersTimeout: 0, bodyTimeout: 0 }, this);
  }

  #headed(form: BodyForm): void {
    this.#form = form;
    this.#route.connecting.waited();
    this.#clock.headed();
  }

  #read(form: BodyForm, packing: string): void {
    const body = new StreamedBody(this, packing, this.#place, this.#clock);
    this.#body = body;
    if (form === 'whole') {
      gathered(body.pieces()).then(
        (whole) => this.#finish(whole),
        (error) => this.#fail(error),
      );
      return;
    }
    const read = () => this.#taker.pieces(body.pieces());
    const reading = this.#context?.runInAsyncScope(read) ?? read();
    reading.then(
      (value) => {
        body.release();
        this.#done(value);
      },
      (error) => this.#fail(error),
    );
  }

  #finish(whole: Buffer): void {
    if (this.#over) return;
    try {
      this.#done(this.#taker.whole(whole));
    } catch (error) {
      this.#fail(error);
    }
  }

  #done(value: T): void {
    if (this.#over) return;
    this.#end();
    this.#resolve(value);
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    if (this.#form === undefined) this.#route.connecting.waited();
    this.#end();
    this.#reject(this.#taker.failed(error));
    // Not while undici is at this answer: for a request that is aborted there it opens another connection, which nobody uses.
    queueMicrotask(() => this.giveUp());
  }

  /** Rejects at once: undici would first finish what it is at, for example connecting. */
  #stop(error: unknown): void {
    if (this.#over) return;
    this.#end();
    this.#reject(this.#taker.failed(error));
    if (this.#form === undefined) this.#route.connecting.gaveUp();
    this.#body?.stopped();
    this.giveUp();
  }

  #end(): void {
    this.#over = true;
    this.#unsent = undefined;
    this.#clock.stop();
    this.#unlisten?.();
    this.#taker.over();
  }
}
