import { context, LM, LMServerError, Module, Predict } from 'dspex';
import { fallback, pool } from 'dspex/clients';
import { composedLM, dspex, programs } from 'dspex/container';
import { DummyLM } from 'dspex/testing';
import { Container, injectable } from 'inversify';
import { expect, test } from 'vitest';

@injectable()
class QA extends Module {
  answer = new Predict('question -> answer');
  async forward({ question }: { question: string }) {
    return this.answer.call({ question });
  }
}

test('pools and fallbacks by name in the container, found by context, and closed with it', async () => {
  const [down, well, other] = [
    new DummyLM(() => new LMServerError('down')),
    new DummyLM(() => ({ answer: 'student' })),
    new DummyLM(() => ({ answer: 'teacher' })),
  ];
  const house = dspex();
  const container = new Container();
  container.load(house, programs(QA));
  container.bind(LM).toConstantValue(fallback(down, well));
  container
    .bind(LM)
    .toDynamicValue(composedLM(() => pool([other])))
    .inSingletonScope()
    .whenNamed('teacher');
  const qa = container.get(QA);
  expect(await qa.call({ question: 'q' })).toMatchObject({ answer: 'student' });
  expect(await context({ lm: 'teacher' }, () => qa.call({ question: 'q' }))).toMatchObject({ answer: 'teacher' });
  expect([down, well, other].map(({ requests }) => requests.length)).toEqual([1, 1, 1]);
  container.unbindAll();
  await house.closed();
  for (const lm of [down, well, other]) {
    await expect(lm.generate(lm.createRequest([]))).rejects.toThrow('closed');
  }
});
