// The roof: every public name, by room. Each room's own entry ('dspex/program', 'dspex/adapters', ...) has the rest.

import { setEnvironmentLM } from './core/settings/environment';
import { setDownloader } from './core/signatures/values/media/read-url';
import { HttpDownloader } from './lm/clients/downloads/http-downloader';
import { lm } from './lm/clients/lm';

// vocabulary

export { Input, Instructions, Output, Signature, type SignatureClass } from '../decorators';

// signatures

export { type FieldSpec, type FieldValues, fieldSpec } from './core/signatures/field-spec';
export type { InputsOf, OutputsOf, SignatureLike } from './core/signatures/infer';
export {
  type SignatureFields,
  type SignatureOptions,
  type SignatureTypes,
  signature,
} from './core/signatures/signature';
export { type FieldProblem, SignatureSpec } from './core/signatures/signature-spec';
export { specOf } from './core/signatures/spec-of';
export type { TypeSpec } from './core/signatures/type-spec';

// types with a form of their own

export { Code, type CodeClass } from './core/signatures/values/code';
export { CustomType, type CustomTypeClass, type Formatted } from './core/signatures/values/custom-type';
export { History } from './core/signatures/values/history';
export { Audio } from './core/signatures/values/media/audio';
export { type Citation, Citations } from './core/signatures/values/media/citations';
export { Document, type DocumentMediaType, type DocumentOptions } from './core/signatures/values/media/document';
export { File, type FileParts } from './core/signatures/values/media/file';
export { Image } from './core/signatures/values/media/image';
export type { FromUrlOptions } from './core/signatures/values/media/read-url';
export { Reasoning } from './core/signatures/values/reasoning';
export { type ObserveOptions, observe } from './core/signatures/values/tools/observe';
export type { ToolContext } from './core/signatures/values/tools/run-tool';
export { type ArgumentsClass, Tool, type ToolOptions, type ToolOutcome } from './core/signatures/values/tools/tool';
export { type ToolCallResult, ToolCallResults } from './core/signatures/values/tools/tool-call-results';
export { type ToolCall, ToolCalls } from './core/signatures/values/tools/tool-calls';
export type { ToolArguments } from './core/signatures/values/tools/tool-schema';

// values

export type { Embedding, EmbedResponse } from './core/primitives/embedding';
export { Example, example } from './core/primitives/example';
export type { LMOptions, LMRequest, ResponseFormat, ToolChoice, ToolDefinition } from './core/primitives/lm-request';
export type { LMCompletion, LMResponse, LMToolCall } from './core/primitives/lm-response';
export { type ContentPart, type Message, type MessageToolCall, textOf } from './core/primitives/message';
export { type Metric, type MetricContext, type MetricResult, scoreOf } from './core/primitives/metric';
export { Prediction, type PredictionExtras } from './core/primitives/prediction';
export { costOf, type Price, type TokenPrice } from './core/primitives/price';
export { requestKey } from './core/primitives/request-key';
export type { Trace, TraceStep } from './core/primitives/trace';
export { addUsage, NO_USAGE, type Usage, usageText } from './core/primitives/usage';

// programs

export type { CallStream } from './core/util/streams/call-stream';
export type { CallOptions, PredictConfig } from './program/predict/call-options';
export type { HistoryEntry } from './program/predict/history';
export { inspectHistory } from './program/predict/inspect-history';
export { Module } from './program/predict/module';
export { Predict } from './program/predict/predict';
export { type DiffOptions, diffPrograms } from './program/predict/show/diff-programs';
export type { PromptSamples, Prompts } from './program/predict/show/prompts';
export type { DeepPartial } from './program/predict/stream/deep-partial';
export type { PredictorEvent, StatusEvent, StreamEvent } from './program/predict/stream/events';
export { toServerSentEvents } from './program/predict/stream/server-sent-events';
export type { StreamOptions } from './program/predict/stream/start-stream';
export { eventOf, type StreamOf, stream } from './program/predict/stream/stream';
export { EmbeddingsRetriever, type EmbeddingsRetrieverOptions } from './program/retrieve/embeddings-retriever';

// modules

export { ChainOfThought } from '../modules/chain-of-thought';

// settings

export { Budget, type BudgetLimits } from './core/settings/budget';
export { configure, resetConfiguration } from './core/settings/configure';
export { context } from './core/settings/context';
export { type ExplainedSetting, explainSettings, type SettingsExplanation } from './core/settings/explain';
export { bindFrame, currentSignal } from './core/settings/frame';
export {
  type SubscribeOptions,
  type Subscription,
  subscribe,
  type TelemetryListener,
} from './core/settings/listening/subscribe';
export type { SettingName, Settings } from './core/settings/settings';
export { type TrackedUsage, withTrace, withUsage, withUsage as trackUsage } from './core/settings/with-trace';
export type { EventKind, TelemetryEvent } from './core/telemetry/events';

// adapters

export { BAMLAdapter } from './lm/adapters/baml/baml-adapter';
export { ChatAdapter } from './lm/adapters/chat-adapter';
export { JSONAdapter } from './lm/adapters/json-adapter';
export { TwoStepAdapter } from './lm/adapters/two-step/two-step-adapter';
export { XMLAdapter } from './lm/adapters/xml/xml-adapter';

// evaluation

export type { Devset } from './compile/evaluate/data/devset';
export { type JsonlSource, type ReadJsonlOptions, readJsonl } from './compile/evaluate/data/read-jsonl';
export { Evaluate } from './compile/evaluate/evaluate';
export type { EvaluateOptions } from './compile/evaluate/evaluate-options';
export { EvaluationResult } from './compile/evaluate/evaluation-result';
export type { RowResult } from './compile/evaluate/row-result';

// ports: each is its own token for a container

export { Adapter } from './core/ports/adapter';
export { Cache, type CacheEntry, type CacheStats } from './core/ports/cache';
export { type Downloaded, Downloader, type DownloadOptions } from './core/ports/downloader';
export { Embedder, type EmbedderStats } from './core/ports/embedder';
export { type CallScope, LM, type LMCapabilities, type LMStats, NO_CAPABILITIES } from './core/ports/lm';
export { Logger, SilentLogger } from './core/ports/logger';
export { type RetrieveOptions, Retriever } from './core/ports/retriever';

// errors

// optimizers
export { BootstrapFewShot } from './compile/teleprompt/bootstrap-few-shot';
export { BootstrapFewShotWithRandomSearch, BootstrapRS } from './compile/teleprompt/bootstrap-random-search';
export { LabeledFewShot } from './compile/teleprompt/labeled-few-shot';
export { Teleprompter } from './compile/teleprompt/teleprompter';
export { AdapterParseError, FinetuneFormatError, MissingToolsError } from './core/errors/adapter-errors';
export {
  CallDeadlineError,
  CallEndedError,
  InvalidInputsError,
  MissingInputError,
  OutputValidationError,
  UnknownInputError,
} from './core/errors/call-errors';
export { BudgetExceededError, type BudgetLimit } from './core/errors/clients/budget-exceeded-error';
export {
  CacheImportError,
  CacheNotListableError,
  DiskCacheMissingError,
} from './core/errors/clients/cache-errors';
export {
  DamagedRecordingError,
  RecordingNotFoundError,
  RecordingWriteError,
  UnknownRecordingError,
} from './core/errors/clients/recording-errors';
export { ModelNotFoundError, RequestTooLargeError } from './core/errors/clients/request-errors';
export { AllFailedError } from './core/errors/clients/routing-errors';
export { StreamStoppedError, StreamTakenError } from './core/errors/clients/stream-errors';
export { ToolTimeoutError } from './core/errors/clients/tool-errors';
export { ExampleInputsError, JsonlError } from './core/errors/data-errors';
export { DspexError } from './core/errors/dspex-error';
export {
  CircuitOpenError,
  ContextWindowExceededError,
  isOutage,
  isRetryable,
  LMAuthError,
  LMClosedError,
  LMContentFilterError,
  LMEmptyAnswerError,
  LMError,
  LMInvalidRequestError,
  LMInvalidResponseError,
  LMQueueFullError,
  LMQuotaError,
  LMRateLimitError,
  LMRefusalError,
  LMServerError,
  LMTimeoutError,
  LMTransportError,
  MissingApiKeyError,
  UnknownProviderError,
} from './core/errors/lm-errors';
export { InvalidOptionError, UnknownOptionError } from './core/errors/option-errors';
export { LMNotConfiguredError, UnknownLMNameError, UnknownModelError } from './core/errors/settings-errors';
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
} from './core/errors/signature-errors';
export {
  PrivateFieldsError,
  SeveralLMsError,
  StateFileError,
  StateMismatchError,
  UnsavableValueError,
} from './core/errors/state-errors';
export {
  BlockedAddressError,
  DownloadError,
  MediaError,
  NoDownloaderError,
  ToolArgumentError,
  ValueParseError,
} from './core/errors/value-errors';

// clients

export { MemoryCache } from './lm/cache/memory-cache';
export { composeLM } from './lm/clients/compose';
export { lm } from './lm/clients/lm';
export { OpenAICompatible } from './lm/clients/openai-compatible';

// `DSPEX_LM` and saved programs name their LM: here it is said who makes it.
setEnvironmentLM((name, defaults) => lm(name, defaults === undefined ? {} : { defaults }));

// `Image.fromUrl` and its kin need something that downloads.
setDownloader(new HttpDownloader());
