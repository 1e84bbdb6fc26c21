import {
  context,
  History,
  Input,
  Output,
  Predict,
  Reasoning,
  Signature,
  Tool,
  ToolCallResults,
  ToolCalls,
} from 'dspex';
import { ChatAdapter } from 'dspex/adapters';
import { OpenAICompatible } from 'dspex/clients';
import { type MockScript, startMockServer } from 'dspex/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { FinetuneFormatError, MissingToolsError } from '../../../src/core/errors/adapter-errors';
import { ToolArgumentError } from '../../../src/core/errors/value-errors';
import { specOf } from '../../../src/core/signatures/spec-of';
import { JSONAdapter } from '../../../src/lm/adapters/json-adapter';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

class Query {
  @Input({ desc: 'what to look for' }) readonly query!: string;
  @Input({ type: 'int', default: 5 }) readonly k?: number;
}

const search = new Tool({
  name: 'search',
  desc: 'Search the web.',
  args: Query,
  run: ({ query, k }) => `${k} hits for ${query}`,
});

class Act extends Signature {
  @Input() readonly question!: string;
  @Input({ items: Tool }) readonly tools!: Tool[];
  @Output({ type: ToolCalls }) calls!: ToolCalls;
  @Output() thought!: string;
}

async function client(respond: MockScript, capabilities: object) {
  const server = await startMockServer({ respond });
  const lm = new OpenAICompatible({ model: 'm', baseUrl: server.url, capabilities });
  open.push(lm, server);
  return { lm, server };
}

const WIRE_CALL = { id: 'c1', type: 'function', function: { name: 'search', arguments: '{"query": "x"}' } };

describe('native function calling', () => {
  it('sends the tools to the provider and gives its calls to the program', async () => {
    const message = { content: null, tool_calls: [WIRE_CALL] };
    const { lm, server } = await client(
      { body: { choices: [{ message, finish_reason: 'tool_calls' }] } },
      { functionCalling: true },
    );
    const adapter = new ChatAdapter({ useNativeFunctionCalling: true, parallelToolCalls: false });
    const prediction = await context({ lm, adapter }, () => new Predict(Act).call({ question: 'Q', tools: [search] }));

    expect(prediction.calls.calls).toEqual([{ id: 'c1', name: 'search', args: { query: 'x' } }]);
    expect(prediction.thought).toBeNull();
    expect(server.requests[0]?.body).toMatchObject({
      tools: [
        {
          type: 'function',
          function: {
            name: 'search',
            description: 'Search the web.',
            parameters: { type: 'object', required: ['query'], properties: { k: { type: 'integer', default: 5 } } },
          },
        },
      ],
      tool_choice: 'auto',
      parallel_tool_calls: false,
    });
    const sent = JSON.stringify(server.requests[0]?.body.messages);
    expect(sent).not.toContain('[[ ## tools ## ]]');
    expect(sent).toContain('[[ ## thought ## ]]');
  });

  it('asks for JSON in the text where the model has no function calling', async () => {
    const answer =
      '[[ ## calls ## ]]\n{"tool_calls": [{"name": "search", "args": {"query": "x"}}]}\n\n[[ ## thought ## ]]\nso';
    const { lm, server } = await client(answer, {});
    const adapter = new ChatAdapter({ useNativeFunctionCalling: true });
    const prediction = await context({ lm, adapter }, () => new Predict(Act).call({ question: 'Q', tools: [search] }));
    expect(prediction.calls.calls).toEqual([{ name: 'search', args: { query: 'x' } }]);
    expect(prediction.thought).toBe('so');
    expect(server.requests[0]?.body).not.toHaveProperty('tools');
  });

  it('refuses tool calls without tools before anything is sent', async () => {
    class Blind extends Signature {
      @Input() readonly question!: string;
      @Output({ type: ToolCalls }) calls!: ToolCalls;
    }
    const { lm, server } = await client('unused', { functionCalling: true });
    const adapter = new ChatAdapter({ useNativeFunctionCalling: true });
    await expect(context({ lm, adapter }, () => new Predict(Blind).call({ question: 'Q' }))).rejects.toThrow(
      MissingToolsError,
    );
    expect(server.requests).toHaveLength(0);
  });

  it('sends calls and results of past turns in the form of the provider', async () => {
    class Talk extends Act {
      @Input({ type: History }) readonly history!: History;
    }
    const calls = [{ id: 'c1', name: 'search', args: { query: 'x' } }];
    const turn = {
      question: 'Q1',
      thought: 't',
      calls: new ToolCalls(calls, ToolCallResults.of(calls, [{ hits: 2 }])),
    };
    const { lm, server } = await client('[[ ## thought ## ]]\ndone', { functionCalling: true });
    const adapter = new ChatAdapter({ useNativeFunctionCalling: true });
    await context({ lm, adapter }, () =>
      new Predict(Talk).call({ question: 'Q2', tools: [search], history: new History([turn]) }),
    );
    const sent = server.requests[0]?.body.messages as readonly object[];
    expect(sent[2]).toMatchObject({ role: 'assistant', tool_calls: [WIRE_CALL] });
    expect(sent[3]).toEqual({ role: 'tool', tool_call_id: 'c1', name: 'search', content: '{"hits": 2}' });
  });
});

describe('native reasoning', () => {
  class Think extends Signature {
    @Input() readonly question!: string;
    @Output({ type: Reasoning }) reasoning!: Reasoning;
    @Output() answer!: string;
  }

  it('takes the thinking the model gives beside its answer', async () => {
    const message = { content: '[[ ## answer ## ]]\n42', reasoning_content: 'because' };
    const { lm, server } = await client(
      { body: { choices: [{ message, finish_reason: 'stop' }] } },
      { reasoning: true },
    );
    const prediction = await new Predict(Think).call({ question: 'Q' }, { lm });
    expect(prediction.reasoning).toEqual(new Reasoning('because'));
    expect(prediction.answer).toBe('42');
    expect(server.requests[0]?.body['reasoning_effort']).toBe('low');
    expect(JSON.stringify(server.requests[0]?.body.messages)).not.toContain('[[ ## reasoning ## ]]');
  });

  it('asks for it in words when told not to, or when the model has none', async () => {
    const answer = '[[ ## reasoning ## ]]\nwords\n\n[[ ## answer ## ]]\n42';
    const { lm, server } = await client(answer, { reasoning: true });
    const prediction = await new Predict(Think).call({ question: 'Q' }, { lm, config: { reasoningEffort: null } });
    expect(String(prediction.reasoning)).toBe('words');
    expect(server.requests[0]?.body).not.toHaveProperty('reasoning_effort');
  });
});

describe('a tool', () => {
  it('gets arguments converted to its types, with defaults', async () => {
    expect(await search.call({ query: 'cats' })).toBe('5 hits for cats');
    expect(await search.call({ query: 'cats', k: '3' })).toBe('3 hits for cats');
  });

  it('refuses arguments that do not fit or that it does not have', async () => {
    await expect(search.call({})).rejects.toThrow(ToolArgumentError);
    await expect(search.call({ query: 'x', other: 1 })).rejects.toThrow(/no argument 'other'/);
  });

  it('is described to models in words', () => {
    expect(search.format()).toBe(
      "search, whose description is <desc>Search the web.</desc>. It takes arguments {'query': {'type': 'string', " +
        "'description': 'what to look for'}, 'k': {'type': 'integer', 'default': 5}}.",
    );
  });
});

describe('fine-tuning data', () => {
  it('is the prompt with its answer; adapters without such a form say so', () => {
    const spec = specOf('question -> answer') as never;
    const messages = new ChatAdapter().formatFinetuneData(spec, [], { question: 'Q' }, { answer: 'A' });
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
    expect(() => new JSONAdapter().formatFinetuneData(spec, [], {}, {})).toThrow(FinetuneFormatError);
  });
});
