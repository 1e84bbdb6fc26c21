import { type EventKind, Module, Predict, type TelemetryEvent } from 'dspex';
import { composeLM, OpenAICompatible } from 'dspex/clients';
import { recordEvents, startMockServer } from 'dspex/testing';
import { expect, test } from 'vitest';

class Twice extends Module {
  first = new Predict('question -> answer');
  second = new Predict('answer -> verdict');
  async forward({ question }: { question: string }) {
    const { answer } = await this.first.call({ question });
    return this.second.call({ answer });
  }
}

test('the events of one call are one tree', async () => {
  const server = await startMockServer({ respond: (_body, index) => (index === 0 ? { status: 503 } : { delayMs: 1 }) });
  const lm = composeLM(new OpenAICompatible({ model: 'm', baseUrl: server.url }), { resilience: { baseDelayMs: 1 } });
  const program = new Twice().with({ lm });
  const recorder = recordEvents();
  await program.call({ question: 'a secret question' });
  recorder.close();
  await lm.close();
  await server.close();

  const starts = recorder.events.filter(({ phase }) => phase === 'start');
  const byId = new Map(starts.map((event) => [event.id, event]));
  const [root] = starts;
  expect(byId.size).toBe(starts.length);
  expect(new Set(recorder.events.map((event) => event.root))).toEqual(new Set([root?.id]));
  const parentOf = (event: TelemetryEvent): EventKind | undefined => byId.get(event.parent)?.kind;
  const edges = starts.map((event) => `${parentOf(event) ?? 'nothing'} > ${event.kind}`);
  const answer = ['predictor > format', 'predictor > lm', 'lm > attempt', 'predictor > parse'];
  expect(edges).toEqual([
    'nothing > module',
    ...[
      'module > predictor',
      'predictor > format',
      'predictor > lm',
      'lm > attempt',
      'lm > attempt',
      'predictor > parse',
    ],
    ...['module > predictor', ...answer],
  ]);
  const ends = recorder.events.filter(({ phase }) => phase === 'end' || phase === 'error');
  expect(ends.map(({ id }) => id).sort()).toEqual(starts.map(({ id }) => id).sort());
  expect(ends.filter(({ phase }) => phase === 'error').map(({ kind }) => kind)).toEqual(['attempt']);
  expect(recorder.of('retry').map(parentOf)).toEqual(['predictor']);
  expect(recorder.of('cache').length).toBeGreaterThan(0);
  expect(JSON.stringify(recorder.events)).not.toContain('secret question');
});
