import { Input, Module, observe, Predict, signature, Tool, ToolCalls } from 'dspex';
import { JSONAdapter } from 'dspex/adapters';
import { OpenAICompatible } from 'dspex/clients';
import { startMockServer } from 'dspex/testing';
import { expect } from 'vitest';
import { faultRow } from '../../matrix/fault-row';

class Query {
  @Input() readonly query!: string;
}

let runs = 0;
const search = new Tool({
  name: 'search',
  desc: 'Searches.',
  args: Query,
  run: ({ query }) => {
    runs += 1;
    if (query === 'crash') throw new Error(`boom ${'x'.repeat(100_000)}`);
    return 'hit '.repeat(50_000);
  },
});
const hang = new Tool({ name: 'hang', run: () => new Promise(() => undefined), timeoutMs: 20 });
const TOOLS = [search, hang];

const STEP = signature({
  inputs: { question: String, trajectory: String, tools: { items: Tool } },
  outputs: { calls: { type: ToolCalls }, answer: { type: String, optional: true } },
});

/** An agent as a user would write it: five steps at most. */
class Agent extends Module {
  step = new Predict(STEP);

  async forward({ question }: { question: string }) {
    const seen: string[] = [];
    for (let step = 0; step < 5; step++) {
      const { calls, answer } = await this.step.call({ question, trajectory: seen.join('\n'), tools: TOOLS });
      if (calls === null || calls.calls.length === 0) return { answer, seen };
      const { results } = await observe(calls, TOOLS, { maxCharacters: 1000 });
      for (const { name, value, isError } of results) seen.push(`${name}${isError ? ' failed' : ''}: ${String(value)}`);
    }
    return { answer: 'no answer in 5 steps', seen };
  }
}

const wire = (name: string, args: string, id = `id-${name}`) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

async function agent(use: <T extends { close(): unknown }>(thing: T) => T, script: readonly (readonly object[])[]) {
  const prompts: string[] = [];
  const server = use(
    await startMockServer({
      respond: ({ messages = [] }) => {
        prompts.push(JSON.stringify(messages));
        const calls = script[Math.min(prompts.length, script.length) - 1] ?? [];
        const message = calls.length === 0 ? { content: '{"answer": "done"}' } : { content: null, tool_calls: calls };
        return { body: { choices: [{ message, finish_reason: calls.length === 0 ? 'stop' : 'tool_calls' }] } };
      },
    }),
  );
  const lm = use(new OpenAICompatible({ model: 'm', baseUrl: server.url, capabilities: { functionCalling: true } }));
  runs = 0;
  const result = await new Agent().call({ question: 'q' }, { lm, adapter: new JSONAdapter() });
  return { ...result, prompts };
}

faultRow(31, 'arguments that are no JSON go back to the model', async ({ use }) => {
  const { answer, prompts } = await agent(use, [[wire('search', 'not json at all')], []]);
  expect(answer).toBe('done');
  expect(runs).toBe(0);
  expect(prompts).toHaveLength(2);
  expect(prompts[1]).toContain('the arguments of a tool call are no JSON object');
  return { happened: 'nothing was run; the model was shown what was wrong and answered', attempts: prompts.length };
});

faultRow(31, 'huge arguments and results, unknown tools, duplicate ids, crashes, time-outs', async ({ use }) => {
  const { answer, seen, prompts } = await agent(use, [
    [wire('search', JSON.stringify({ query: 'y'.repeat(1_000_000) }))],
    [wire('rm', '{}'), wire('search', '{"quarry": 1}', 'b')],
    [wire('search', '{"query": "a"}', 'same'), wire('search', '{"query": "b"}', 'same')],
    [wire('search', '{"query": "crash"}'), wire('hang', '{}')],
    [],
  ]);
  expect(answer).toBe('done');
  expect(prompts).toHaveLength(5);
  expect(seen[0]).toContain('characters left out');
  expect(seen[1]).toBe("rm failed: Error: There is no tool 'rm'. The tools are: search, hang.");
  expect(seen[2]).toContain("search failed: Error: The tool 'search' cannot be called: it has no argument 'quarry'");
  expect(seen[4]).toContain('an earlier call of this answer has the same id');
  expect(seen[5]).toContain('search failed: Error: boom');
  expect(seen[6]).toContain("hang failed: Error: The tool 'hang' did not answer within 20 ms");
  for (const text of seen) expect(text.length).toBeLessThan(1200);
  expect(runs).toBe(3);
  return {
    happened: 'each is an observation of at most 1,000 characters; the agent went on',
    attempts: prompts.length,
  };
});

faultRow(31, 'a model that never stops calling, and a thousand calls in one answer', async ({ use }) => {
  const many = Array.from({ length: 1000 }, (_, at) => wire('search', '{"query": "a"}', `id-${at}`));
  const { answer, seen, prompts } = await agent(use, [many]);
  expect(answer).toBe('no answer in 5 steps');
  expect(prompts).toHaveLength(5);
  expect(runs).toBe(5 * 32);
  expect(seen).toHaveLength(5 * 64);
  return { happened: '5 steps of at most 32 tool runs, then the end', attempts: prompts.length };
});
