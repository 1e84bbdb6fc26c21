import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { example } from 'dspex';
import { composeLM, OpenAICompatible } from 'dspex/clients';
import { Evaluate } from 'dspex/evaluate';
import { context, Module, Predict } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { expect, test } from 'vitest';
import { currentSignal } from '../../../src/core/settings/frame';

/** What `work` makes of the platform's machinery for calling things off. */
async function madeIn(work: () => Promise<unknown>) {
  const made = { controllers: 0, joinedSignals: 0, listeners: 0 };
  const Original = AbortController;
  const { any, timeout } = AbortSignal;
  const { addEventListener } = EventTarget.prototype;
  globalThis.AbortController = class extends Original {
    constructor() {
      super();
      made.controllers += 1;
    }
  };
  AbortSignal.any = (signals) => {
    made.joinedSignals += 1;
    return any.call(AbortSignal, signals);
  };
  AbortSignal.timeout = (ms) => {
    made.joinedSignals += 1;
    return timeout.call(AbortSignal, ms);
  };
  EventTarget.prototype.addEventListener = function (...args: Parameters<typeof addEventListener>) {
    made.listeners += 1;
    addEventListener.apply(this, args);
  };
  try {
    await work();
  } finally {
    globalThis.AbortController = Original;
    Object.assign(AbortSignal, { any, timeout });
    EventTarget.prototype.addEventListener = addEventListener;
  }
  return made;
}

const NOTHING = { controllers: 0, joinedSignals: 0, listeners: 0 };
const ROWS = 100;
const devset = Array.from({ length: ROWS }, (_, row) =>
  example({ question: `Q${row}`, answer: 'A' }).withInputs('question'),
);
const metric = (gold: { answer: string }, { answer }: { answer: string }) => gold.answer === answer;
const stack = () => composeLM(new DummyLM(() => ({ answer: 'A' })));

test('rows through Evaluate, Predict and all of composeLM make no signal of the platform', async () => {
  const lm = stack();
  const program = new Predict('question -> answer').with({ lm });
  let score = 0;
  const made = await madeIn(async () => {
    score = (await new Evaluate({ devset, metric, concurrency: 8 }).call(program)).score;
  });
  expect(score).toBe(100);
  expect(made).toEqual(NOTHING);
  await lm.close();
});

test('nor do calls of a program of several modules, outside of an evaluation', async () => {
  class Twice extends Module {
    first = new Predict('question -> answer');
    second = new Predict('question, draft -> answer');
    override async forward({ question }: { question: string }) {
      const { answer } = await this.first.call({ question });
      return this.second.call({ question, draft: answer });
    }
  }
  const lm = stack();
  const made = await madeIn(() =>
    context({ lm }, () => Promise.all(devset.map((row) => new Twice().call({ question: row.question })))),
  );
  expect(made).toEqual(NOTHING);
  await lm.close();
});

test('nor do calls over HTTP', async () => {
  const text = '[[ ## answer ## ]]\nA\n\n[[ ## completed ## ]]';
  const body = JSON.stringify({
    id: '1',
    model: 'm',
    choices: [{ message: { content: text }, finish_reason: 'stop' }],
  });
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.setHeader('content-type', 'application/json').end(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const lm = composeLM(new OpenAICompatible({ model: 'm', baseUrl: `http://127.0.0.1:${port}/v1` }));
  const program = new Predict('question -> answer').with({ lm });
  // undici makes a controller of its own when it is loaded.
  await program.call({ question: 'first' });
  let score = 0;
  const made = await madeIn(async () => {
    score = (await new Evaluate({ devset, metric, concurrency: 8 }).call(program)).score;
  });
  expect(score).toBe(100);
  expect(made).toEqual(NOTHING);
  await lm.close();
  server.close();
});

test('a metric that reads its signal gets one for each row that it reads it in', async () => {
  const program = new Predict('question -> answer').with({ lm: new DummyLM(() => ({ answer: 'A' })) });
  const signals = new Set<AbortSignal | undefined>();
  const made = await madeIn(() =>
    new Evaluate({
      devset,
      concurrency: 8,
      metric: (gold, predicted: { answer: string }, options) => {
        if (Number(gold.question.slice(1)) % 2 === 0) signals.add(options?.signal);
        return metric(gold, predicted);
      },
    }).call(program),
  );
  expect(signals.size).toBe(ROWS / 2);
  expect(signals.has(undefined)).toBe(false);
  expect(made.controllers).toBe(ROWS / 2);
});

test('code inside a call that asks for the signal gets one, once', async () => {
  class Asks extends Module {
    override async forward(_: { question: string }) {
      const first = currentSignal();
      return first !== undefined && first === currentSignal();
    }
  }
  let same = false;
  const made = await madeIn(async () => {
    same = await new Asks().call({ question: 'q' });
  });
  expect(same).toBe(true);
  expect(made.controllers).toBe(1);
});
