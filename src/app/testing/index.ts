export { type DummyAnswer, type DummyAnswers, DummyLM, type DummyLMOptions } from './dummy-lm';
