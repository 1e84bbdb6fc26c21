import { type Message, textOf } from '../../../core/primitives/message';
import type { ChatHistoryItem, Model, Runtime, Token } from './runtime';

const TURN_START = '<|im_start|>';
const TURN_END = '<|im_end|>';

/** Turns messages into the tokens of a prompt, ready for the assistant's answer. */
export type PromptWriter = (messages: readonly Message[]) => Token[];

/**
 * The prompt writer for a model. ChatML models are written by hand, token for token as their template has it, except that
 * no default system message is invented when there is none: what the model reads is what the request says. Other models
 * use the library's rendering of their template. Text of a message never becomes a control token.
 */
export function promptWriter(runtime: Runtime): PromptWriter {
  const template = runtime.model.fileInfo.metadata.tokenizer?.chat_template ?? '';
  return template.includes(TURN_START) ? chatMlWriter(runtime.model) : templateWriter(runtime);
}

function chatMlWriter(model: Model): PromptWriter {
  const start = model.tokenize(TURN_START, true);
  const end = [...model.tokenize(TURN_END, true), ...model.tokenize('\n')];
  const bos = model.tokens.shouldPrependBosToken && model.tokens.bos !== null ? [model.tokens.bos] : [];
  const answer = [...start, ...model.tokenize('assistant\n')];
  return (messages) => [
    ...bos,
    ...messages.flatMap((message) => [...start, ...model.tokenize(`${message.role}\n${textOf(message)}`), ...end]),
    ...answer,
  ];
}

function templateWriter(runtime: Runtime): PromptWriter {
  const wrapper = runtime.chatWrapper();
  return (messages) => {
    const chatHistory = [...messages.map(historyItem), { type: 'model' as const, response: [] }];
    return wrapper.generateContextState({ chatHistory }).contextText.tokenize(runtime.model.tokenizer);
  };
}

function historyItem(message: Message): ChatHistoryItem {
  const text = textOf(message);
  if (message.role === 'system') return { type: 'system', text };
  return message.role === 'assistant' ? { type: 'model', response: [text] } : { type: 'user', text };
}
