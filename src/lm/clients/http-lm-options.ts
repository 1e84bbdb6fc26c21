import { InvalidOptionError } from '../../core/errors/option-errors';
import type { LMCapabilities } from '../../core/ports/lm';
import { LM_OPTIONS, type LMOptions } from '../../core/primitives/lm-request';
import { checkOptions, wholeNumber } from '../../core/util/check-options';
import { CONNECTION_OPTIONS, type ConnectionOptions, checkConnectionOptions } from './http/connection-options';
import { checkPrices, type Prices } from './prices/price-of';
import { isMembers } from './wire/members';

/** The options of every language model that is reached over HTTP. */
export interface HttpLMOptions extends ConnectionOptions {
  /** The model's name as the server knows it. */
  readonly model: string;
  /** Where the server is, without the path of the single request; default the provider's own address. */
  readonly baseUrl?: string;
  /** Generation options that apply unless predictor or call say otherwise. */
  readonly defaults?: LMOptions;
  /** What the model can do; default from a small table, where everything unknown is false. */
  readonly capabilities?: Partial<LMCapabilities>;
  /** Longest gap between two events of a streamed answer, in milliseconds; default 30,000. */
  readonly idleMs?: number;
  /** Prices by model, in US dollars per million tokens; they come before the list prices that dspex knows. */
  readonly prices?: Prices;
}

const OPTIONS: readonly (keyof HttpLMOptions)[] = [
  ...CONNECTION_OPTIONS,
  'model',
  'baseUrl',
  'defaults',
  'capabilities',
  'idleMs',
  'prices',
];

const CAPABILITIES: readonly (keyof LMCapabilities)[] = [
  'jsonMode',
  'jsonSchema',
  'functionCalling',
  'reasoning',
  'images',
  'audio',
  'logprobs',
  'streaming',
  'temperature',
  'citations',
  'maxOutputTokens',
];

/** Throws `UnknownOptionError` or `InvalidOptionError`; `further` are the options that one client has of its own. */
export function checkHttpLMOptions(owner: string, options: HttpLMOptions, further: readonly string[] = []): void {
  checkOptions(owner, options, [...OPTIONS, ...further]);
  if (typeof options.model !== 'string' || options.model === '') {
    throw new InvalidOptionError(owner, 'model', options.model, "the model's name");
  }
  checkMembers(owner, 'defaults', options.defaults, LM_OPTIONS);
  checkMembers(owner, 'capabilities', options.capabilities, CAPABILITIES);
  if (options.prices !== undefined) checkPrices(owner, options.prices);
  checkConnectionOptions(owner, options);
  if (options.idleMs !== undefined) wholeNumber(owner, 'idleMs', options.idleMs, 1);
}

function checkMembers(owner: string, option: string, value: unknown, known: readonly string[]): void {
  if (value === undefined) return;
  if (!isMembers(value))
    throw new InvalidOptionError(owner, option, value, `an object with some of: ${known.join(', ')}`);
  checkOptions(`${owner}, ${option}`, value, known);
}
