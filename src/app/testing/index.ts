export { NoMoreAnswersError } from '../../core/errors/call-errors';
export { type AdapterLaw, adapterLaws, type MakeAdapter } from './adapter-laws';
export { BrokenLawError } from './broken-law-error';
export { type CacheLaw, cacheLaws } from './cache-laws';
export { type DummyAnswer, type DummyAnswers, DummyLM, type DummyLMOptions } from './dummy-lm';
export type { FaultRequest } from './fault-request';
export {
  type FaultExchange,
  type FaultScript,
  type FaultServer,
  type FaultServerOptions,
  startFaultServer,
} from './fault-server';
export { type ChatBodyParts, chatAnswer, chatChunks, rateLimited } from './faults/chat-bodies';
export { faults } from './faults/faults';
export { type HostileText, hostileTexts } from './hostile-texts';
export { type LMLaw, lmLaws } from './lm-laws';
export type { MockReply, MockReplyParts, MockRequestBody, MockScript } from './mock-reply';
export { type MockRequest, type MockServer, type MockServerOptions, startMockServer } from './mock-server';
export { type EventRecorder, recordEvents } from './record-events';
export {
  type MakeTeleprompter,
  type TeleprompterLaw,
  type TeleprompterLawOptions,
  teleprompterLaws,
} from './teleprompter-laws';
