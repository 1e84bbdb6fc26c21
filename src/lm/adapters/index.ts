export { AdapterParseError, RecursiveOutlineError } from '../../core/errors/adapter-errors';
export { Adapter, type AskFollowUp, type FollowUp } from '../../core/ports/adapter';
export { BAMLAdapter } from './baml/baml-adapter';
export { ChatAdapter, type ChatAdapterOptions } from './chat-adapter';
export { JSONAdapter } from './json-adapter';
export { TwoStepAdapter, type TwoStepAdapterOptions } from './two-step/two-step-adapter';
export { XMLAdapter } from './xml/xml-adapter';
