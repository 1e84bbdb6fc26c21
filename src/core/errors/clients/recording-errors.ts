import { DspexError, type DspexErrorOptions } from '../dspex-error';
import { LMError, type LMErrorDetails } from '../lm-errors';

/** A call is to be replayed and is not in the recording: no request was sent. Waiting does not help. */
export class UnknownRecordingError extends LMError {
  readonly code = 'UNKNOWN_RECORDING';
  readonly retryable = false;
  readonly outage = true;

  constructor(
    /** The file of the recording. */
    readonly path: string,
    /** What is asked beside the recorded request that is most like it, as a diff of lines; absent when nothing is recorded. */
    readonly difference: string | undefined,
    details: LMErrorDetails = {},
  ) {
    const nearest =
      difference === undefined
        ? 'It has no calls at all.'
        : `The nearest recorded request (-) and this one (+):\n${difference}\n`;
    super(
      `The recording '${path}' has no answer to this request, and no request was sent. ${nearest}` +
        (difference === undefined ? ' ' : '') +
        "Record it again with mode 'record', or let mode 'auto' add what is missing.",
      details,
    );
    this.attempts = 0;
  }
}

/** A recording is to be replayed, and there is no such file. */
export class RecordingNotFoundError extends DspexError {
  readonly code = 'RECORDING_NOT_FOUND';

  constructor(readonly path: string) {
    super(`There is no recording '${path}' to replay. Make it with mode 'record', or use mode 'auto'.`);
  }
}

/** A line of a recording is not what was written. A torn last line is no damage: it is dropped. */
export class DamagedRecordingError extends DspexError {
  readonly code = 'DAMAGED_RECORDING';

  constructor(
    readonly path: string,
    /** The line, from 1. */
    readonly line: number,
    problem: string,
    options: DspexErrorOptions = {},
  ) {
    super(
      `The recording '${path}' is damaged in line ${line}: ${problem}. Nothing of it is used. ` +
        'Take the line out, or record again with fresh: true.',
      options,
    );
  }
}

/** A recording cannot be written: some calls are not in it. */
export class RecordingWriteError extends DspexError {
  readonly code = 'RECORDING_WRITE';

  constructor(
    readonly path: string,
    options: DspexErrorOptions,
  ) {
    super(
      `The recording '${path}' cannot be written: ${String((options.cause as Error | undefined)?.message ?? options.cause)}. ` +
        'The answers were given, and are not in the file.',
      options,
    );
  }
}
