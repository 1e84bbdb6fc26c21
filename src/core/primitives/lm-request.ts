import type { Message } from './message';

/** What `response_format` may ask for: any JSON object, or JSON of a schema. */
export type ResponseFormat =
  | { readonly type: 'json_object' }
  | {
      readonly type: 'json_schema';
      readonly name: string;
      readonly schema: Readonly<Record<string, unknown>>;
      readonly strict?: boolean;
    };

/** A tool as a model is told of it. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string | null;
  /** JSON Schema of an object with the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Whether the model may, must or must not call tools, or which one it must. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** Generation options. Whatever is left out is the model's own default. */
export interface LMOptions {
  /** 0 to 2; 0 asks for the likeliest answer. */
  readonly temperature?: number;
  /** Longest answer, in tokens. */
  readonly maxTokens?: number;
  readonly topP?: number;
  /** The answer ends before the first of these texts. */
  readonly stop?: readonly string[];
  readonly seed?: number;
  /** Completions to ask for; default 1. */
  readonly n?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  /** Ask for the log-probability of each token of the answer. */
  readonly logprobs?: boolean;
  readonly responseFormat?: ResponseFormat;
  /** Tools the model may call. */
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  /** Several calls in one answer. */
  readonly parallelToolCalls?: boolean;
  /** How long a reasoning model thinks, for example `low`; `null` says that it shall not be asked to. */
  readonly reasoningEffort?: string | null;
  /** Options of one provider, sent as they are. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The names of those options, for checks. */
export const LM_OPTIONS: readonly (keyof LMOptions)[] = [
  'temperature',
  'maxTokens',
  'topP',
  'stop',
  'seed',
  'n',
  'frequencyPenalty',
  'presencePenalty',
  'logprobs',
  'responseFormat',
  'tools',
  'toolChoice',
  'parallelToolCalls',
  'reasoningEffort',
  'extra',
];

/**
 * One question to a language model, complete: equal requests may share one answer.
 * Credentials are never part of it.
 */
export interface LMRequest {
  /** Where the model lives, for example `https://api.openai.com/v1`; part of the key, so two servers never share answers. */
  readonly endpoint: string;
  readonly model: string;
  readonly messages: readonly Message[];
  readonly options: LMOptions;
  /** Another id asks for a fresh sample of the same prompt; it reaches the key, not the provider (DSPy: `rollout_id`). */
  readonly rolloutId?: number | string;
}
