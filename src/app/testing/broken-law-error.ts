import { DspexError } from '../../core/errors/dspex-error';

/** An implementation does not keep a promise of its contract. */
export class BrokenLawError extends DspexError {
  readonly code = 'BROKEN_LAW';

  constructor(law: string, found: string) {
    super(`The law '${law}' is broken: ${found}`);
  }
}
