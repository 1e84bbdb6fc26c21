import { DspexError } from '../dspex-error';

/** A tool did not end within its time. Its own work goes on unless it listens to the signal it was given. */
export class ToolTimeoutError extends DspexError {
  readonly code = 'TOOL_TIMEOUT';

  constructor(
    readonly tool: string,
    timeoutMs: number,
  ) {
    super(`The tool '${tool}' did not answer within ${timeoutMs} ms. Raise timeoutMs of the tool, or make it do less.`);
  }
}
