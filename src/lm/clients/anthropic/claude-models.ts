/** How a model is asked to think, and what its endpoint takes. */
export interface ClaudeModel {
  /** `budget`: a number of tokens; `adaptive`: an effort; `none`: it does not think apart from the answer. */
  readonly thinking: 'none' | 'budget' | 'adaptive';
  /** False when any temperature or top_p but its own is answered with 400. */
  readonly sampling: boolean;
  /** Takes a JSON schema for its answer; absent means unknown. */
  readonly jsonSchema?: boolean;
  /** Longest answer in tokens, thoughts included; absent means unknown. */
  readonly maxOutputTokens?: number;
}

/**
 * Claude models by name, first match first, as of November 2026 and written down without asking the servers. A model that is
 * newer than the list is taken to be like the last of it.
 */
const MODELS: readonly (readonly [pattern: RegExp, model: ClaudeModel])[] = [
  [/claude-(2|instant)/u, { thinking: 'none', sampling: true, jsonSchema: false, maxOutputTokens: 4_096 }],
  [/claude-3-(opus|sonnet|haiku)/u, { thinking: 'none', sampling: true, jsonSchema: false, maxOutputTokens: 4_096 }],
  [/claude-3-5-/u, { thinking: 'none', sampling: true, jsonSchema: false, maxOutputTokens: 8_192 }],
  [/claude-3-7-/u, { thinking: 'budget', sampling: true, jsonSchema: false, maxOutputTokens: 64_000 }],
  [/claude-opus-4-1(?!\d)/u, { thinking: 'budget', sampling: true, jsonSchema: true, maxOutputTokens: 32_000 }],
  [
    /claude-opus-4(-0|-2025\d{4})?(?![-\d])/u,
    { thinking: 'budget', sampling: true, jsonSchema: false, maxOutputTokens: 32_000 },
  ],
  [
    /claude-sonnet-4(-0|-2025\d{4})?(?![-\d])/u,
    { thinking: 'budget', sampling: true, jsonSchema: false, maxOutputTokens: 64_000 },
  ],
  [/claude-\w+-4-5(?!\d)/u, { thinking: 'budget', sampling: true, jsonSchema: true, maxOutputTokens: 64_000 }],
  [/claude-opus-4-6(?!\d)/u, { thinking: 'adaptive', sampling: true, jsonSchema: true, maxOutputTokens: 128_000 }],
  [/claude-\w+-4-6(?!\d)/u, { thinking: 'adaptive', sampling: true, jsonSchema: true }],
  [/claude-opus-4-[78](?!\d)/u, { thinking: 'adaptive', sampling: false, jsonSchema: true, maxOutputTokens: 128_000 }],
  [/claude-/u, { thinking: 'adaptive', sampling: false, jsonSchema: true }],
];

/** Another server's model behind the same protocol: nothing is known of it. */
const OTHER: ClaudeModel = { thinking: 'budget', sampling: true };

/** What is known of a model by its name. */
export function claudeModel(name: string): ClaudeModel {
  return MODELS.find(([pattern]) => pattern.test(name))?.[1] ?? OTHER;
}
