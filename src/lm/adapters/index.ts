export { AdapterParseError, AnswerEndedError, RecursiveOutlineError } from '../../core/errors/adapter-errors';
export { Adapter, type AskFollowUp, type FieldScanner, type FieldText, type FollowUp } from '../../core/ports/adapter';
export { BAMLAdapter } from './baml/baml-adapter';
export { ChatAdapter, type ChatAdapterOptions } from './chat-adapter';
export { JSONAdapter } from './json-adapter';
export { PartialAnswer } from './partial/partial-answer';
export { TwoStepAdapter, type TwoStepAdapterOptions } from './two-step/two-step-adapter';
export { XMLAdapter } from './xml/xml-adapter';
