import { InvalidOptionError } from '../../core/errors/option-errors';
import type { Cache } from '../../core/ports/cache';
import { LM } from '../../core/ports/lm';
import type { Budget } from '../../core/settings/budget';
import { checkOptions } from '../../core/util/check-options';
import { cached } from '../cache/cached';
import { singleFlight } from '../cache/single-flight-lm';
import type { ResilienceOptions, ResiliencePreset } from '../resilience/resilience-options';
import { resilient } from '../resilience/resilient';
import { budgeted } from './budget/budgeted';
import { type RecordedOptions, recorded } from './records/recorded';
import { type HedgedOptions, hedged } from './routing/hedged';

export interface ComposeOptions {
  /** The store of answers; `false` asks anew each time. Default a `MemoryCache` of its own. */
  readonly cache?: Cache | false;
  /** A budget for all calls of this LM, beside those of the settings; `false` keeps none, not even those. */
  readonly budget?: Budget | false;
  /** Retries, breaker, limiter and deadline; `false` does without. */
  readonly resilience?: ResiliencePreset | ResilienceOptions | false;
  /** Whether equal requests in flight share one; default true. */
  readonly singleFlight?: boolean;
  /** A second request when an answer takes unusually long; off unless given. The provider may charge for both. */
  readonly hedged?: HedgedOptions;
  /** Keeps calls in this file and replays them: its path, or with the options of `recorded`. Default neither. */
  readonly recorded?: string | (RecordedOptions & { readonly path: string });
  /** Layers of one's own around all of these, the innermost first. */
  readonly layers?: readonly ((lm: LM) => LM)[];
}

/** The options of `composeLM`, for those who pass them on. */
export const COMPOSE_OPTIONS: readonly (keyof ComposeOptions)[] = [
  'cache',
  'budget',
  'resilience',
  'singleFlight',
  'hedged',
  'recorded',
  'layers',
];

/**
 * The default stack around a bare client, outermost first: recorded (where asked for), single-flight, cache, budget, hedged (where asked
 * for), resilience, client. Each layer can be replaced or left out, and `describeStack` names those that are there; any order of one's own
 * is a matter of calling `recorded`, `singleFlight`, `cached`, `budgeted`, `hedged` and `resilient`.
 */
export function composeLM(client: LM, options: ComposeOptions = {}): LM {
  checkOptions('composeLM', options, COMPOSE_OPTIONS);
  const { cache, budget, resilience = {}, singleFlight: share = true, layers = [] } = options;
  const { hedged: hedge, recorded: record } = options;
  if (typeof share !== 'boolean') throw new InvalidOptionError('composeLM', 'singleFlight', share, 'true or false');
  let lm = client;
  if (resilience !== false) lm = resilient(lm, resilience);
  if (hedge !== undefined) lm = hedged(lm, hedge);
  if (budget !== false) lm = budgeted(lm, budget === undefined ? {} : { budget });
  if (cache !== false) lm = cached(lm, cache === undefined ? {} : { cache });
  if (share) lm = singleFlight(lm);
  if (record !== undefined) lm = recordedIn(record, lm);
  return [...layersOf(layers)].reduce(wrapped, lm);
}

function recordedIn(record: NonNullable<ComposeOptions['recorded']>, lm: LM): LM {
  if (typeof record === 'string') return recorded(lm, record);
  const { path, ...options } = record;
  return recorded(lm, path, options);
}

function layersOf(layers: unknown): readonly ((lm: LM) => unknown)[] {
  if (Array.isArray(layers) && layers.every((layer) => typeof layer === 'function')) return layers;
  throw new InvalidOptionError('composeLM', 'layers', layers, 'a list of functions from LM to LM');
}

function wrapped(lm: LM, layer: (lm: LM) => unknown): LM {
  const made = layer(lm);
  if (made instanceof LM) return made;
  throw new InvalidOptionError('composeLM', 'layers', made, 'functions that return an LM');
}
