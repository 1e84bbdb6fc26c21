// After DSPy's rule (dspy/clients/lm.py): the o-series with size and date, and every gpt-5 that is not a chat variant.
const O_SERIES = /^o[1345](-(mini|nano|pro))?(-\d{4}-\d{2}-\d{2})?$/u;
const GPT_5 = /^gpt-5(?![0-9])(?!.*-chat)/u;

/**
 * True for OpenAI's reasoning models by name (a provider prefix is ignored): they count their answer by
 * `max_completion_tokens` and sample at a temperature of their own.
 */
export function isReasoningModel(model: string): boolean {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  return O_SERIES.test(name) || GPT_5.test(name);
}
