import { DspexError } from '../dspex-error';

/** Whoever read a stream stopped before its end; the call was aborted and its request closed. */
export class StreamStoppedError extends DspexError {
  readonly code = 'STREAM_STOPPED';

  constructor(owner: string) {
    super(
      `The stream of ${owner} was left before its end, so the call was aborted. Read it to the end to get a result.`,
    );
  }
}

/** A stream gives its events once, to one reader. */
export class StreamTakenError extends DspexError {
  readonly code = 'STREAM_TAKEN';

  constructor(owner: string) {
    super(`The stream of ${owner} is being read already. Read it in one place, or start a second stream.`);
  }
}
