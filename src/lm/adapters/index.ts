export { AdapterParseError } from '../../core/errors/adapter-errors';
export { Adapter } from '../../core/ports/adapter';
export { ChatAdapter, type ChatAdapterOptions } from './chat-adapter';
export { JSONAdapter } from './json-adapter';
