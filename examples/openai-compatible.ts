// The five-minute path: one signature, one call, any server that speaks OpenAI's protocol.
// Run: npx ts-node examples/openai-compatible.ts
//
// Without OPENAI_BASE_URL it starts the mock server that dspex ships. With a real one, for example Ollama:
//   OPENAI_BASE_URL=http://127.0.0.1:11434/v1 OPENAI_MODEL=qwen3:4b npx ts-node examples/openai-compatible.ts
// OPENAI_API_KEY is sent when it is set.
import { configure, Input, Instructions, Output, Predict, Prediction, Signature } from 'dspex';
import { composeLM, OpenAICompatible } from 'dspex/clients';
import { startMockServer } from 'dspex/testing';

@Instructions('Read the review and say how the writer feels.')
class ReadReview extends Signature {
  @Input() readonly review!: string;
  @Output({ oneOf: ['good', 'bad', 'mixed'] }) feeling!: 'good' | 'bad' | 'mixed';
  @Output({ items: String, desc: 'what the writer names as a reason' }) reasons!: string[];
}

const REVIEW = 'The room was clean and the breakfast a feast, but the street kept us awake until three.';
const MOCK_ANSWER = `[[ ## feeling ## ]]
mixed

[[ ## reasons ## ]]
["clean room", "good breakfast", "loud street"]

[[ ## completed ## ]]`;

async function readReview(baseUrl: string): Promise<void> {
  const model = process.env['OPENAI_MODEL'] ?? 'mock';
  const apiKey = process.env['OPENAI_API_KEY'];
  const lm = composeLM(new OpenAICompatible({ model, baseUrl, ...(apiKey === undefined ? {} : { apiKey }) }));
  configure({ lm });
  console.log(`Model: ${model} at ${baseUrl}`);

  const read = new Predict(ReadReview);
  const first = await read.call({ review: REVIEW });
  console.log(`Feeling: ${first.feeling}\nReasons: ${first.reasons.join(', ')}`);
  const { inputTokens, outputTokens } = Prediction.usage(first);
  console.log(`Tokens: ${inputTokens} in, ${outputTokens} out`);

  await read.call({ review: REVIEW });
  const { requests, cacheHits } = lm.stats();
  console.log(`Asked twice: ${requests} request, ${cacheHits} answer from the cache`);
  await lm.close();
}

async function main(): Promise<void> {
  const given = process.env['OPENAI_BASE_URL'];
  if (given !== undefined) return readReview(given);
  const mock = await startMockServer({ respond: MOCK_ANSWER });
  console.log('No OPENAI_BASE_URL: asking the mock server of dspex, whose answer is fixed.');
  await readReview(mock.url).finally(() => mock.close());
}

main().catch((error: unknown) => {
  console.error(String(error));
  process.exitCode = 1;
});
