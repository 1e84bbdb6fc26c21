import { DspexError } from '../dspex-error';

/** A command line that `dspex` cannot follow: an unknown command or option, or an argument too many or missing. */
export class CommandUsageError extends DspexError {
  readonly code = 'COMMAND_USAGE';

  constructor(problem: string, remedy: string) {
    super(`${problem} ${remedy}`);
  }
}
