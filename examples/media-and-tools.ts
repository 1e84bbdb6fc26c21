// Pictures, code, tools and conversations are fields like any other, and so is a type of your own. docs/values.md explains them.
// Run: npx ts-node examples/media-and-tools.ts
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BlockedAddressError,
  ChatAdapter,
  Code,
  CustomType,
  context,
  History,
  Image,
  Input,
  Instructions,
  OpenAICompatible,
  Output,
  Predict,
  Signature,
  Tool,
  ToolCallResults,
  ToolCalls,
  textOf,
} from 'dspex';
import { DummyLM, startMockServer } from 'dspex/testing';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==';

/** A type of your own: what the model sees of it is text here; parts of a message are possible too. */
class Money extends CustomType {
  @Input({ type: 'decimal' }) readonly amount!: string;
  @Input() readonly currency!: string;

  static override description(): string {
    return 'An amount of money; the currency as its three letters.';
  }

  override format(): string {
    return `${this.amount} ${this.currency}`;
  }
}

@Instructions('Read the receipt.')
class ReadReceipt extends Signature {
  @Input({ type: Image }) readonly receipt!: Image;
  @Input({ type: History }) readonly before!: History;
  @Output({ type: Money }) total!: Money;
  @Output({ type: Code }) check!: Code;
}

class City {
  @Input({ desc: 'its usual English name' }) readonly city!: string;
  @Input({ type: 'int', default: 1 }) readonly days?: number;
}

const weather = new Tool({
  name: 'weather',
  desc: 'The weather of the coming days.',
  args: City,
  run: async ({ city, days }) => `rain in ${city}; days asked for: ${days}`,
});

class ChooseTools extends Signature {
  @Input() readonly question!: string;
  @Input({ items: Tool }) readonly tools!: Tool[];
  @Output({ type: ToolCalls }) calls!: ToolCalls;
}

class AnswerFromTools extends Signature {
  @Input() readonly question!: string;
  @Input({ type: ToolCallResults }) readonly results!: ToolCallResults;
  @Output() answer!: string;
}

async function pictures(): Promise<void> {
  // A web server on this machine stands for the network.
  const site = createServer((_, response) => {
    response.setHeader('content-type', 'image/png').end(Buffer.from(PIXEL, 'base64'));
  });
  await once(site.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/receipt.png`;
  const refused = await Image.fromUrl(url).catch((error: unknown) => error instanceof BlockedAddressError);
  const receipt = await Image.fromUrl(url, { allowPrivate: true });
  site.close();
  console.log(`a private address is refused: ${refused === true}; asked for, it is read: ${receipt}`);

  const lm = new DummyLM([{ total: { amount: '12.50', currency: 'EUR' }, check: '```python\nassert 12.5 > 0\n```' }]);
  const before = new History([{ receipt, total: { amount: '3.10', currency: 'EUR' }, check: 'assert 3.1 > 0' }]);
  const { total, check } = await context({ lm }, () => new Predict(ReadReceipt).call({ receipt, before }));
  console.log(`${total.format()}, checked by: ${check.code}`);

  const messages = lm.requests[0]?.messages ?? [];
  const kinds = (content: unknown) => (Array.isArray(content) ? content.map(({ type }) => type).join('+') : 'text');
  console.log(`the model saw: ${messages.map(({ role, content }) => `${role} (${kinds(content)})`).join(', ')}\n`);
}

async function tools(): Promise<void> {
  const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city": "Oslo", "days": 3}' } };
  const server = await startMockServer({
    respond: ({ tools }) =>
      tools === undefined
        ? '[[ ## answer ## ]]\nTake an umbrella.'
        : { body: { choices: [{ message: { content: null, tool_calls: [call] }, finish_reason: 'tool_calls' }] } },
  });
  const lm = new OpenAICompatible({ model: 'm', baseUrl: server.url, capabilities: { functionCalling: true } });
  const adapter = new ChatAdapter({ useNativeFunctionCalling: true });
  const question = 'What do I pack for three days in Oslo?';

  await context({ lm, adapter }, async () => {
    const { calls } = await new Predict(ChooseTools).call({ question, tools: [weather] });
    // The model has only asked. Your program decides what runs.
    const values = await Promise.all(calls.calls.map(({ args }) => weather.call(args)));
    const results = ToolCallResults.of(calls.calls, values);
    console.log(
      `asked for: ${calls.calls.map(({ name, args }) => `${name}(${JSON.stringify(args)})`)}; got: ${values}`,
    );
    console.log((await new Predict(AnswerFromTools).call({ question, results })).answer);
  });
  await lm.close();
  await server.close();

  // A model without function calling is asked for the calls in its answer: the same program, the same values.
  const plain = new DummyLM([{ calls: { tool_calls: [{ name: 'weather', args: { city: 'Oslo' } }] } }]);
  const { calls } = await context({ lm: plain, adapter }, () =>
    new Predict(ChooseTools).call({ question, tools: [weather] }),
  );
  const last = plain.requests[0]?.messages.at(-1);
  console.log(`\nwithout function calling: ${await weather.call(calls.calls[0]?.args)}; the prompt had:`);
  console.log(
    last === undefined
      ? ''
      : textOf(last)
          .split('\n')
          .find((line) => line.includes('weather')),
  );
}

async function main(): Promise<void> {
  console.log('Model: a script\n');
  await pictures();
  await tools();
}

void main();
