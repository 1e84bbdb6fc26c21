import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Module, observe, Predict, Tool, ToolCalls } from 'dspex';
import { DummyLM } from 'dspex/testing';
import { afterEach, expect, it } from 'vitest';

const told: Record<string, unknown>[] = [];
const note = (event: unknown) => void told.push(event as Record<string, unknown>);
const KINDS = ['module', 'predictor', 'format', 'parse', 'tool'].map((kind) => `dspex:${kind}`);

afterEach(() => {
  for (const kind of KINDS) unsubscribe(kind, note);
  told.length = 0;
});

class Program extends Module {
  step = new Predict('topic -> draft');
  tool = new Tool({ name: 'count', args: { text: { type: 'string' } }, run: ({ text }) => String(text).length });

  async forward({ topic }: { topic: string }) {
    const { draft } = await this.step.call({ topic });
    const calls = new ToolCalls([{ name: 'count', args: { text: draft } }]);
    return (await observe(calls, [this.tool])).results[0]?.value;
  }
}

it('a program tells its steps as one tree, and nothing of what was asked or answered', async () => {
  for (const kind of KINDS) subscribe(kind, note);
  const lm = new DummyLM(['no fields', '{"draft": "canary-answer"}']);
  expect(await new Program().call({ topic: 'canary-topic' }, { lm })).toBe(13);
  expect(told.map(({ kind, phase, name }) => `${String(kind)} ${String(name)} ${String(phase)}`)).toEqual([
    'module Program start',
    'predictor Predict start',
    'format ChatAdapter start',
    'format ChatAdapter end',
    'parse ChatAdapter start',
    'parse ChatAdapter end',
    'format JSONAdapter start',
    'format JSONAdapter end',
    'parse JSONAdapter start',
    'parse JSONAdapter end',
    'predictor Predict end',
    'tool count start',
    'tool count end',
    'module Program end',
  ]);
  const outcomes = told.filter(({ kind, phase }) => kind === 'parse' && phase === 'end').map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['ADAPTER_PARSE', 'read']);
  const root = told[0]?.['id'];
  expect(told.every((event) => event['root'] === root)).toBe(true);
  expect(told.find(({ kind }) => kind === 'predictor')).toMatchObject({
    parent: root,
    signature: 'topic -> draft',
    demos: 0,
  });
  expect(JSON.stringify(told)).not.toContain('canary');
});

it('tools are steps that a stream shows', async () => {
  const steps: string[] = [];
  const lm = new DummyLM([{ draft: 'x' }]);
  for await (const event of new Program().stream({ topic: 't' }, { lm })) {
    if (event.type === 'status' && event.kind === 'tool') steps.push(`${event.name} ${event.phase} in ${event.path}`);
  }
  expect(steps).toEqual(['count start in self', 'count end in self']);
});
