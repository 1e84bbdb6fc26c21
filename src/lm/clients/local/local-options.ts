import type { Adapter } from '../../../core/ports/adapter';
import type { LMOptions } from '../../../core/primitives/lm-request';
import { checkOptions, wholeNumber } from '../../../core/util/check-options';
import type { WeightsEvent } from './weights/weights-source';

export interface LocalLMOptions {
  /** Generation options of every request; beneath them: temperature 0, at most 256 tokens. */
  readonly defaults?: LMOptions;
  /** Requests computed side by side, each in memory of its own; default 4. With 1, equal runs give equal bytes. */
  readonly sequences?: number;
  /** Tokens of prompt and answer together; default 4096, never more than the model was trained for. Memory grows with it. */
  readonly contextSize?: number;
  /** Threads to compute with; default: the cores that are idle when the model is loaded, at most 8. More make it much slower. */
  readonly threads?: number;
  /** Longest string, in characters, that an answer in JSON may hold; default 400. */
  readonly stringLimit?: number;
  /** Longest list that an answer in JSON may hold; default 50. */
  readonly itemLimit?: number;
  /** Where fetched weights are kept; default `DSPEX_MODELS`, else the platform's cache folder. */
  readonly modelsFolder?: string;
  /** True never fetches weights; default: whether `DSPEX_OFFLINE` is set. */
  readonly offline?: boolean;
  /** Who hears how weights are fetched; default: a person at stderr. `false` is nobody. */
  readonly progress?: false | ((event: WeightsEvent) => void);
  /** Default: a `JSONAdapter`, whose response format becomes a grammar. */
  readonly preferredAdapter?: Adapter;
}

/** The options with their defaults filled in. */
export type SettledLocalOptions = LocalLMOptions &
  Required<Pick<LocalLMOptions, 'defaults' | 'sequences' | 'contextSize' | 'stringLimit' | 'itemLimit'>>;

const OWNER = 'LocalLM';
const KNOWN = [
  'defaults',
  'sequences',
  'contextSize',
  'threads',
  'stringLimit',
  'itemLimit',
  'modelsFolder',
  'offline',
  'progress',
  'preferredAdapter',
] as const satisfies readonly (keyof LocalLMOptions)[];

/** Checks the options of LocalLM; throws `UnknownOptionError` or `InvalidOptionError`. */
export function settleOptions(options: LocalLMOptions): SettledLocalOptions {
  checkOptions(OWNER, options, KNOWN);
  const { sequences = 4, contextSize = 4096, stringLimit = 400, itemLimit = 50 } = options;
  if (options.threads !== undefined) wholeNumber(OWNER, 'threads', options.threads, 1);
  return {
    ...options,
    defaults: Object.freeze({ temperature: 0, maxTokens: 256, ...options.defaults }),
    sequences: wholeNumber(OWNER, 'sequences', sequences, 1),
    contextSize: wholeNumber(OWNER, 'contextSize', contextSize, 64),
    stringLimit: wholeNumber(OWNER, 'stringLimit', stringLimit, 1),
    itemLimit: wholeNumber(OWNER, 'itemLimit', itemLimit, 1),
  };
}
