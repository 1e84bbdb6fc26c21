// Adapters: one program, four layouts; the second try as JSON; two models for one answer; an answer read while it comes.
// Run: npx ts-node examples/adapters.ts
import { ChatAdapter, context, diffPrograms, JSONAdapter, Predict } from 'dspex';
import { BAMLAdapter, PartialAnswer, TwoStepAdapter, XMLAdapter } from 'dspex/adapters';
import { DummyLM } from 'dspex/testing';

const plan = new Predict('goal, days: int -> steps: list[str], cost: float');
const inputs = { goal: 'learn to juggle', days: 3 };
const answer = { steps: ['one ball', 'two balls', 'three'], cost: 0 };

async function main() {
  console.log('Model: a script\n');

  // 1. What each adapter asks for. The default is the ChatAdapter.
  for (const adapter of [new ChatAdapter(), new JSONAdapter(), new XMLAdapter(), new BAMLAdapter()]) {
    const last = plan.render(inputs, { adapter }).at(-1)?.content;
    console.log(`--- ${adapter.name}\n${String(last).split('\n').at(-1)}\n`);
  }

  // 2. A model that takes JSON Schemas is sent one; here is its name.
  const schemas = new DummyLM([answer], { capabilities: { jsonMode: true, jsonSchema: true } });
  await plan.call(inputs, { lm: schemas, adapter: new JSONAdapter() });
  console.log('response format:', schemas.requests[0]?.options.responseFormat?.type);

  // 3. An answer without the layout: the ChatAdapter asks once more, as JSON.
  const forgetful = new DummyLM(['First one ball, then two.', JSON.stringify(answer)]);
  const again = await plan.call(inputs, { lm: forgetful });
  console.log(`requests: ${forgetful.requests.length}, steps: ${again.steps.length}`);

  // 4. A model that thinks best in its own words, and a small one that takes the fields out of them.
  const thinker = new DummyLM(['Start with one ball; the day after take two; then three. It costs nothing.']);
  const extractor = new DummyLM([answer]);
  const twoStep = new TwoStepAdapter({ extractionLM: extractor });
  const { cost } = await context({ lm: thinker, adapter: twoStep }, () => plan.call(inputs));
  console.log(`cost: ${cost}, asked: ${thinker.requests.length} and ${extractor.requests.length}`);

  // 5. An answer in pieces: text as it comes, values at the end, the same as if it had come at once.
  const partial = new PartialAnswer(new ChatAdapter(), new Predict('question -> answer, sure: bool').spec);
  const pieces = ['[[ ## ans', 'wer ## ]]\nBlue', ' light is sca', 'ttered most.\n\n[[ ## su', 're ## ]]\nTrue'];
  const shown = pieces.map((piece) => partial.push(piece).map(({ field, text }) => `${field}+'${text}'`));
  console.log(shown.flat().join(' '));
  console.log(await partial.end(() => Promise.reject(new Error('the ChatAdapter asks no other model'))));

  // 6. What every part of a program would send, and what is different between two programs.
  const tuned = plan.clone();
  tuned.spec = tuned.spec.withInstructions('Plan for a beginner.');
  console.log(
    `\n${Object.keys(plan.prompts()).join()}: ${plan.prompts()['self']?.at(-1)?.content}`
      .split('\n')
      .slice(0, 3)
      .join('\n'),
  );
  console.log(diffPrograms(plan, tuned));
}

void main();
