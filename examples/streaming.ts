// Streaming: fields as they are written, one step of a program, leaving early, and a stream as server-sent events.
// Run: npx ts-node examples/streaming.ts
import { ChainOfThought, configure, eventOf, Module, Predict, toServerSentEvents } from 'dspex';
import { DummyLM } from 'dspex/testing';

/** An outline first, then the text. */
class Essay extends Module {
  outline = new Predict('topic -> points: list[str]');
  write = new ChainOfThought('topic, points: list[str] -> essay');

  async forward({ topic }: { topic: string }) {
    const { points } = await this.outline.call({ topic });
    return (await this.write.call({ topic, points })).essay;
  }
}

const script = [
  { points: ['blue light is scattered most', 'the eye sees the mix'] },
  { reasoning: 'Two points, two sentences.', essay: 'Air scatters blue light. We see the mix.' },
];

async function main() {
  console.log('Model: a script\n');
  const lm = new DummyLM([...script, ...script, ...script], { pieces: 12 });
  configure({ lm });
  const essay = new Essay();

  // 1. Every step, and a list while it grows.
  const running = essay.stream({ topic: 'the sky' });
  for await (const event of running) {
    if (event.type === 'status' && event.phase === 'start') console.log(`[${event.kind} ${event.path}]`);
    const outline = eventOf(essay.outline, event);
    if (outline?.type === 'field-delta') console.log('points so far:', outline.partial.points ?? []);
    if (event.type === 'field-done') console.log(`${event.path}.${event.field} is done`);
  }
  console.log('result:', await running.result);

  // 2. One predictor only, and away in the middle: the call and its request are aborted.
  const hasty = essay.stream({ topic: 'the sky' }, { only: ['write.predict'] });
  for await (const event of hasty) {
    if (event.type !== 'field-delta' || event.field !== 'essay') continue;
    console.log(`\nfirst words: ${JSON.stringify(event.text)}`);
    break;
  }
  console.log('left early:', await hasty.result.catch((error: { code: string }) => error.code));

  // 3. For a browser: new Response(toServerSentEvents(...)) in a handler is all it takes.
  const response = new Response(toServerSentEvents(essay.stream({ topic: 'the sky' }, { only: ['write.predict'] })));
  const blocks = (await response.text()).trimEnd().split('\n\n');
  console.log(`\n${blocks.length} events, the last one:\n${blocks.at(-1)}`);
}

void main();
