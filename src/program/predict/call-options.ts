import { InvalidOptionError } from '../../core/errors/option-errors';
import { Adapter } from '../../core/ports/adapter';
import { LM } from '../../core/ports/lm';
import { LM_OPTIONS, type LMOptions } from '../../core/primitives/lm-request';
import type { FieldValues } from '../../core/signatures/field-spec';
import type { SignatureLike } from '../../core/signatures/infer';
import { checkOptions } from '../../core/util/check-options';

/** Generation options of a predictor or a call; `rolloutId` asks for a fresh sample of the same prompt. */
export type PredictConfig = LMOptions & { readonly rolloutId?: number | string };

/** What may be given beside the inputs of a call. `lm`, `adapter` and `config` reach every predictor inside. */
export interface CallOptions {
  /** The LM of this call, or the name of one in the program's container. */
  readonly lm?: LM | string;
  readonly adapter?: Adapter;
  /** Generation options over those of the predictors. */
  readonly config?: PredictConfig;
  /** Demonstrations in place of the predictor's own; for predictors and modules that hand it on. */
  readonly demos?: readonly FieldValues[];
  /** Another signature for this call; for predictors and modules that hand it on. */
  readonly signature?: SignatureLike;
  /** Aborting it cancels the call, which rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Time for the whole call, in milliseconds; after it the call rejects with `CallDeadlineError`. */
  readonly deadlineMs?: number;
}

const CALL_OPTIONS: readonly (keyof CallOptions)[] = [
  'lm',
  'adapter',
  'config',
  'demos',
  'signature',
  'signal',
  'deadlineMs',
];

const CONFIG_OPTIONS: readonly (keyof PredictConfig)[] = [...LM_OPTIONS, 'rolloutId'];

/** Throws `UnknownOptionError` or `InvalidOptionError` for options that nothing reads. */
export function checkCallOptions(owner: string, options: CallOptions): void {
  checkOptions(`${owner}.call`, options, CALL_OPTIONS);
  if (options.config !== undefined) checkConfig(`${owner}.call`, options.config);
  const { lm, adapter, deadlineMs } = options;
  if (lm !== undefined && typeof lm !== 'string' && !(lm instanceof LM)) {
    throw new InvalidOptionError(`${owner}.call`, 'lm', lm, 'an LM or the name of one');
  }
  if (adapter !== undefined && !(adapter instanceof Adapter)) {
    throw new InvalidOptionError(`${owner}.call`, 'adapter', adapter, 'an Adapter');
  }
  if (deadlineMs !== undefined && !(deadlineMs > 0)) {
    throw new InvalidOptionError(`${owner}.call`, 'deadlineMs', deadlineMs, 'a number of milliseconds above 0');
  }
}

/** Throws `UnknownOptionError` for a generation option that does not exist. */
export function checkConfig(owner: string, config: PredictConfig): void {
  checkOptions(`${owner}, config`, config, CONFIG_OPTIONS);
}
