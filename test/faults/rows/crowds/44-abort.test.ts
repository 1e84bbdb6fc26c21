import { Cache, example, Module, observe, Tool, ToolCalls } from 'dspex';
import { cached, OpenAICompatible, resilient } from 'dspex/clients';
import { Evaluate } from 'dspex/evaluate';
import { DummyLM, type FaultExchange, startFaultServer } from 'dspex/testing';
import { expect } from 'vitest';
import { ANSWER, ask, piece, serverOf } from '../../calls';
import { faultRow, type RowContext } from '../../matrix/fault-row';

const RUNS = 100;
const FOREVER_MS = 60_000;

/** Brings one call to its stage: resolves when it is there. The call has the signal. */
type Stage = (signal: AbortSignal) => Promise<{ readonly call: Promise<unknown> }>;

/** A gate that opens once for each time it is passed. */
function arrivals() {
  let arrive = () => {};
  return {
    arrived: () => arrive(),
    next: () =>
      new Promise<void>((resolve) => {
        arrive = resolve;
      }),
  };
}

/** Aborts a hundred calls at their stage; the median of the times from the abort to the rejection, in milliseconds. */
async function medianOf(context: RowContext, stage: Stage): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const controller = new AbortController();
    const reason = new Error(`reason ${run}`);
    if (run === 0) context.watchSignal(controller.signal);
    const { call } = await stage(controller.signal);
    let endedAt = 0;
    const ended = call.then(
      () => 'answered',
      (error: unknown) => {
        endedAt = performance.now();
        return error;
      },
    );
    const abortedAt = performance.now();
    controller.abort(reason);
    expect(await ended).toBe(reason);
    times.push(endedAt - abortedAt);
  }
  return times.sort((a, b) => a - b)[RUNS / 2] as number;
}

function abortRow(stage: string, attempts: string, prepare: (context: RowContext) => Promise<Stage>): void {
  faultRow(44, `abort ${stage}`, async (context) => {
    const median = await medianOf(context, await prepare(context));
    expect(median).toBeLessThan(20);
    return { happened: `${RUNS} calls rejected with the caller's reason, in ${median.toFixed(1)} ms`, attempts };
  });
}

/** A client of a server that does this with each request, and says when it has. */
async function atServer(context: RowContext, reach: (exchange: FaultExchange) => Promise<void>): Promise<Stage> {
  const gate = arrivals();
  const server = await serverOf(context, async (exchange) => {
    await reach(exchange);
    gate.arrived();
    await exchange.pause(FOREVER_MS);
  });
  const lm = context.use(resilient(new OpenAICompatible({ model: 'm', baseUrl: server.url }), { breaker: false }));
  return async (signal) => {
    const arrived = gate.next();
    const call = ask(lm, { signal });
    call.catch(() => {});
    await arrived;
    return { call };
  };
}

abortRow('before it is sent', '0', async (context) => {
  const server = await serverOf(context, ({ reply }) => reply(200, ANSWER));
  const lm = context.use(resilient(new OpenAICompatible({ model: 'm', baseUrl: server.url })));
  context.after(() => expect(server.requests).toHaveLength(0));
  return async (signal) => ({
    call: new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => ask(lm, { signal }).then(resolve, reject), { once: true });
    }),
  });
});

abortRow('in the queue', '0', async (context) => {
  const server = await serverOf(context, ({ pause }) => pause(FOREVER_MS));
  const client = new OpenAICompatible({ model: 'm', baseUrl: server.url });
  const lm = context.use(resilient(client, { maxConcurrent: 1 }));
  const holder = new AbortController();
  ask(lm, { signal: holder.signal }).catch(() => {});
  context.after(() => holder.abort());
  context.after(() => expect(server.requests).toHaveLength(1));
  await expect.poll(() => server.requests.length, { interval: 1 }).toBe(1);
  return async (signal) => {
    const call = ask(lm, { signal });
    expect(lm.stats().queued).toBe(1);
    return { call };
  };
});

abortRow('in back-off', '1', async (context) => {
  const server = await serverOf(context, ({ reply }) => reply(500, { error: { message: 'down' } }));
  const client = new OpenAICompatible({ model: 'm', baseUrl: server.url });
  const options = { breaker: false, baseDelayMs: 20_000, retryTokens: 1_000_000, random: () => 0.99 } as const;
  const lm = context.use(resilient(client, options));
  context.after(() => expect(server.requests).toHaveLength(RUNS));
  return async (signal) => {
    const before = server.requests.length;
    const call = ask(lm, { signal });
    call.catch(() => {});
    const waits = () => server.requests.length > before && lm.stats().inFlight === 0;
    while (!waits()) await new Promise((resolve) => void setImmediate(resolve));
    return { call };
  };
});

abortRow('while connecting', '0', async (context) => {
  const gate = arrivals();
  // Whoever waits for a TLS handshake has no connection yet; this server never says a word.
  const server = context.use(await startFaultServer(() => {}, { onConnection: () => gate.arrived() }));
  const baseUrl = server.url.replace('http:', 'https:');
  const lm = context.use(resilient(new OpenAICompatible({ model: 'm', baseUrl }), { breaker: false }));
  return async (signal) => {
    const arrived = gate.next();
    const call = ask(lm, { signal });
    call.catch(() => {});
    await arrived;
    return { call };
  };
});

abortRow('before the headers', '1', (context) => atServer(context, async () => {}));

abortRow('in the body', '1', (context) =>
  atServer(context, async ({ head, write }) => {
    await head(200, { 'content-type': 'application/json', 'content-length': '1000' });
    await write('{"id": "a1", ');
  }),
);

abortRow('in a stream', '1', async (context) => {
  const server = await serverOf(context, async (exchange) => {
    await exchange.stream();
    await exchange.event(piece('first'));
    await exchange.pause(FOREVER_MS);
  });
  const lm = context.use(resilient(new OpenAICompatible({ model: 'm', baseUrl: server.url }), { breaker: false }));
  return async (signal) => {
    const gate = arrivals();
    const arrived = gate.next();
    const call = ask(lm, { signal, onDelta: () => gate.arrived() });
    call.catch(() => {});
    await arrived;
    return { call };
  };
});

abortRow('while waiting for the cache', '0', async (context) => {
  const gate = arrivals();
  class Slow extends Cache {
    get() {
      gate.arrived();
      return new Promise(() => {});
    }
    set() {}
    clear() {}
    stats() {
      return { entries: 0, hits: 0, misses: 0 };
    }
    close() {}
  }
  const model = new DummyLM(['never asked']);
  const lm = context.use(cached(model, { cache: new Slow() }));
  context.after(() => expect(model.requests).toHaveLength(0));
  return async (signal) => {
    const arrived = gate.next();
    const call = ask(lm, { signal });
    call.catch(() => {});
    await arrived;
    return { call };
  };
});

abortRow('in a tool', '0', async () => {
  const gate = arrivals();
  const hang = new Tool({
    name: 'hang',
    run: () => {
      gate.arrived();
      return new Promise(() => {});
    },
  });
  class Agent extends Module {
    async forward(_: { question: string }) {
      const { results } = await observe(new ToolCalls([{ name: 'hang', args: {} }]), [hang]);
      return { results };
    }
  }
  const agent = new Agent();
  return async (signal) => {
    const arrived = gate.next();
    const call = agent.call({ question: 'q' }, { signal });
    call.catch(() => {});
    await arrived;
    return { call };
  };
});

abortRow('in a metric', '0', async () => {
  const gate = arrivals();
  class Answers extends Module {
    async forward({ question }: { question: string }) {
      return { answer: question };
    }
  }
  const metric = () => {
    gate.arrived();
    return new Promise<number>(() => {});
  };
  const devset = [example({ question: 'q' }).withInputs('question')];
  return async (signal) => {
    const arrived = gate.next();
    const call = new Evaluate({ devset, metric, signal }).call(new Answers());
    call.catch(() => {});
    await arrived;
    return { call };
  };
});
