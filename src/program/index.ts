export { AdapterParseError } from '../core/errors/adapter-errors';
export {
  CallDeadlineError,
  CallEndedError,
  InvalidInputsError,
  MissingInputError,
  OutputValidationError,
  UnknownInputError,
} from '../core/errors/call-errors';
export { StreamStoppedError, StreamTakenError } from '../core/errors/clients/stream-errors';
export { LMNotConfiguredError, UnknownLMNameError, UnknownModelError } from '../core/errors/settings-errors';
export {
  AsyncSchemaError,
  EmptySignatureError,
  FieldNotFoundError,
  FieldOptionConflictError,
  FieldRoleConflictError,
  InvalidFieldIndexError,
  MissingFieldTypeError,
  NoJsonSchemaError,
  NotASignatureError,
  SignatureSyntaxError,
  UnsupportedFieldTypeError,
} from '../core/errors/signature-errors';
export {
  PrivateFieldsError,
  SeveralLMsError,
  StateFileError,
  StateMismatchError,
  UnsavableValueError,
} from '../core/errors/state-errors';
export { configure, resetConfiguration } from '../core/settings/configure';
export { context } from '../core/settings/context';
export { type LMFactory, setEnvironmentLM } from '../core/settings/environment';
export { type ExplainedSetting, explainSettings, type SettingsExplanation } from '../core/settings/explain';
export { bindFrame, currentSignal } from '../core/settings/frame';
export { homeOf, type SettingsSource, stampHome } from '../core/settings/home';
export { type ResolvedSetting, resolveSetting, type SettingLevel } from '../core/settings/resolve';
export type { SettingName, Settings } from '../core/settings/settings';
export { addTraceSteps, withTrace, withUsage } from '../core/settings/with-trace';
export { type FieldSpec, type FieldValues, fieldSpec } from '../core/signatures/field-spec';
export type { CheckedSignature, InputsOf, OutputsOf, SignatureLike } from '../core/signatures/infer';
export {
  type SignatureFields,
  type SignatureOptions,
  type SignatureTypes,
  signature,
} from '../core/signatures/signature';
export { SignatureSpec } from '../core/signatures/signature-spec';
export { specOf } from '../core/signatures/spec-of';
export { CallStream } from '../core/util/streams/call-stream';
export type { CallOptions, PredictConfig } from './predict/call-options';
export { clearHistory, type HistoryEntry } from './predict/history';
export { type InspectHistoryOptions, inspectHistory } from './predict/inspect-history';
export { type CallArguments, type CallResult, Module } from './predict/module';
export { Predict } from './predict/predict';
export { type DiffOptions, diffPrograms } from './predict/show/diff-programs';
export type { PromptSamples, Prompts } from './predict/show/prompts';
export type { DeepPartial } from './predict/stream/deep-partial';
export type { EventSource, PredictorEvent, StatusEvent, StreamEvent } from './predict/stream/events';
export { toServerSentEvents } from './predict/stream/server-sent-events';
export type { StreamOptions } from './predict/stream/start-stream';
export { eventOf, type StreamArguments, type StreamOf, stream } from './predict/stream/stream';
export type { NamedPredictor, WalkOptions } from './predict/walk';
export { EmbeddingsRetriever, type EmbeddingsRetrieverOptions } from './retrieve/embeddings-retriever';
export type { PredictorState, ProgramState } from './state/dump-state';
export type { LoadOptions } from './state/load-state';
