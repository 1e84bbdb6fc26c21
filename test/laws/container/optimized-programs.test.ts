import { example, LM, Module, Predict } from 'dspex';
import { dspex, programs } from 'dspex/container';
import { Evaluate } from 'dspex/evaluate';
import { homeOf } from 'dspex/program';
import { BootstrapFewShot } from 'dspex/teleprompt';
import { DummyLM } from 'dspex/testing';
import { Container } from 'inversify';
import { describe, expect, it } from 'vitest';

class Double extends Module {
  readonly step = new Predict('number -> double');
  async forward({ number }: { number: string }) {
    return this.step.call({ number });
  }
}

const rows = ['1', '2', '3', '4'].map((number) =>
  example({ number, double: String(2 * Number(number)) }).withInputs('number'),
);
const metric = (gold: { double: string }, predicted: { double: string }) => gold.double === predicted.double;

/** A teacher that can double, and a student that can only when it has seen it done. */
function school(): { container: Container; student: DummyLM; teacher: DummyLM } {
  const doubled = (prompt: string) => String(2 * Number(/## number ## \]\]\\n(\d+)/.exec(prompt)?.[1]));
  const last = (messages: readonly unknown[]) => JSON.stringify(messages.at(-1));
  const teacher = new DummyLM(({ messages }) => ({ double: doubled(last(messages)) }), { model: 'teacher' });
  const student = new DummyLM(
    ({ messages }) => ({ double: messages.length > 2 ? doubled(last(messages)) : 'no idea' }),
    { model: 'student' },
  );
  const container = new Container();
  container.load(dspex(), programs(Double));
  container.bind(LM).toConstantValue(student);
  container.bind(LM).toConstantValue(teacher).whenNamed('teacher');
  return { container, student, teacher };
}

describe('a program from a container, optimized', () => {
  it('learns from the teacher that its container has under a name, and stays at home', async () => {
    const { container, student, teacher } = school();
    const program = container.get(Double);
    const optimizer = new BootstrapFewShot({ metric, teacherSettings: { lm: 'teacher' }, maxLabeledDemos: 0 });
    const better = await optimizer.compile(program, { trainset: rows });
    expect(teacher.requests).toHaveLength(4);
    expect(student.requests).toHaveLength(0);
    expect(program.step.demos).toHaveLength(0);
    expect(better.step.demos).toHaveLength(4);
    expect(homeOf(better)).toBe(homeOf(program));

    const evaluate = new Evaluate({ devset: rows, metric });
    expect((await evaluate.call(program)).score).toBe(0);
    expect((await evaluate.call(better)).score).toBe(100);
    expect(student.requests).toHaveLength(8);
  });

  it('runs in evaluations of two containers at a time, each with its own LM', async () => {
    const [one, two] = [school(), school()];
    const evaluate = new Evaluate({ devset: rows, metric });
    await Promise.all([one, two].map(({ container }) => evaluate.call(container.get(Double))));
    expect([one.student.requests.length, two.student.requests.length]).toEqual([4, 4]);
  });
});
