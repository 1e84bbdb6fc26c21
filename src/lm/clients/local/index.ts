export {
  LocalModelError,
  LocalModelLoadError,
  LocalRuntimeMissingError,
  ModelFileNotFoundError,
  WeightsCorruptError,
  WeightsUnavailableError,
} from '../../../core/errors/local-errors';
export { LocalEmbedder, type LocalEmbedderOptions } from './local-embedder';
export { LocalLM } from './local-lm';
export type { LocalLMOptions } from './local-options';
export { DEFAULT_WEIGHTS, type KnownWeights } from './weights/known-weights';
export { type ResolveWeightsOptions, resolveWeights } from './weights/resolve-weights';
export type { WeightsEvent, WeightsSource } from './weights/weights-source';
