import { ADAPTER_DEVIATIONS } from './adapter-deviations';
import { ENGINE_DEVIATIONS } from './deviations/engine-deviations';
import { SIGNATURE_DEVIATIONS } from './deviations/signature-deviations';
import type { Vector } from './suite';

/** A difference from the reference that we want. The same list, for people, is `docs/deviations.md`. */
export interface Deviation {
  readonly id: string;
  readonly title: string;
  /** True for the vectors that show it, by what they ask, never by their id. */
  applies(vector: Vector): boolean;
}

export const DEVIATIONS: readonly Deviation[] = [...ADAPTER_DEVIATIONS, ...ENGINE_DEVIATIONS, ...SIGNATURE_DEVIATIONS];
