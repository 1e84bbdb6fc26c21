import { Input, Instructions, Output, Signature } from 'dspex';
import { ChainOfThought } from 'dspex/modules';
import { context } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { expect, test } from 'vitest';

@Instructions('Answer in one word.')
class Ask extends Signature {
  @Input() readonly question!: string;
  @Output() answer!: string;
}

test('the model is asked for its reasoning before the other outputs', async () => {
  const lm = new DummyLM([{ reasoning: 'because', answer: 'A' }]);
  const { reasoning, answer } = await context({ lm }, () => new ChainOfThought(Ask).call({ question: 'Q' }));
  expect([reasoning, answer]).toEqual(['because', 'A']);
  const system = String(lm.requests[0]?.messages[0]?.content);
  expect(system).toContain('1. `reasoning` (str)');
  expect(system).toContain('Answer in one word.');
});

test('the predictor inside is called predict, and default instructions name the given outputs only', () => {
  const program = new ChainOfThought('question -> answer');
  expect(program.namedPredictors()).toEqual([['predict', program.predict]]);
  expect(program.predict.spec.signature).toBe('question -> reasoning, answer');
  expect(program.predict.spec.instructions).toBe('Given the fields `question`, produce the fields `answer`.');
});

test('generation options and options of the call are handed on', async () => {
  const lm = new DummyLM(() => ({ reasoning: 'R', answer: 'A' }));
  const program = new ChainOfThought('question -> answer', { temperature: 0.4 });
  await program.call({ question: 'Q' }, { lm, config: { maxTokens: 9 }, demos: [{ question: 'shown', answer: 'A' }] });
  expect(lm.requests[0]?.options).toMatchObject({ temperature: 0.4, maxTokens: 9 });
  expect(String(lm.requests[0]?.messages[1]?.content)).toContain('shown');
});
