import type { AnswerTaker, BodyForm, HttpAnswer } from './answer-taker';

/** The head of an answer. */
export type HttpHead = Pick<HttpAnswer, 'status' | 'headers'>;

/** Takes an answer once it is whole, whatever its status. */
export class WholeTaker<T> implements AnswerTaker<T> {
  readonly streams = false;
  readonly #form: 'whole' | 'packed';
  readonly #make: (head: HttpHead, body: Buffer) => T;
  #head: HttpHead = { status: 0, headers: {} };

  constructor(form: 'whole' | 'packed', make: (head: HttpHead, body: Buffer) => T) {
    this.#form = form;
    this.#make = make;
  }

  head({ status, headers }: HttpAnswer): BodyForm {
    this.#head = { status, headers };
    return this.#form;
  }

  whole(body: Buffer): T {
    return this.#make(this.#head, body);
  }

  pieces(): Promise<T> {
    return Promise.reject(new Error('no pieces were asked for'));
  }

  failed(error: unknown): unknown {
    return error;
  }

  over(): void {
    // Whoever asked hears of it.
  }
}
