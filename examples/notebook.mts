// A notebook: top-level await, one thought after the other. Decorated classes work, because `dspex/register` compiles them.
// Run: node --conditions=source --import dspex/register examples/notebook.mts
//
// In your own project leave out --conditions=source: it makes the name 'dspex' mean this checkout's source, unbuilt.
import { configure, Evaluate, example, Input, Instructions, inspectHistory, Output, Predict, Signature } from 'dspex';
import { DummyLM } from 'dspex/testing';

// 1. The model. A script stands in for one here: it looks for words, and calls everything else "calm".
const WORDS = { urgent: /today|now|immediately/i, calm: /whenever|no hurry/i };
const lm = new DummyLM((request) => {
  const [prompt = ''] = JSON.stringify(request.messages.at(-1)).split('Respond with');
  const tone = WORDS.urgent.test(prompt) ? 'urgent' : 'calm';
  return { tone, score: tone === 'urgent' ? 0.9 : 0.2 };
});
configure({ lm });

// 2. What a step takes and gives.
@Instructions('Judge how urgent the message is.')
class JudgeTone extends Signature {
  @Input() readonly message!: string;
  @Output({ oneOf: ['urgent', 'calm'] }) tone!: 'urgent' | 'calm';
  @Output({ desc: 'from 0, calm, to 1, urgent' }) score!: number;
}

// 3. One call. `tone` and `score` have the types of the class.
const judge = new Predict(JudgeTone);
const { tone, score } = await judge.call({ message: 'The server is down, please come now.' });
console.log(`tone: ${tone}, score: ${score}`);

// 4. Its prompt, as the model saw it.
inspectHistory(1);

// 5. How good is it? Rows with the answers known, and a metric.
const rows = [
  { message: 'Answer whenever you like.', tone: 'calm' },
  { message: 'We need the contract today.', tone: 'urgent' },
  { message: 'No hurry with the slides.', tone: 'calm' },
  { message: 'The roof is leaking!', tone: 'urgent' },
].map((row) => example(row).withInputs('message'));
const metric = (gold: { tone: string }, predicted: { tone: string }) => gold.tone === predicted.tone;
const result = await new Evaluate({ devset: rows, metric }).call(judge);
console.log(result.table());
const [low, high] = result.interval.map(Math.round);
console.log(`score: ${result.score} of 100 (${result.n} rows; the truth is between ${low} and ${high})`);
