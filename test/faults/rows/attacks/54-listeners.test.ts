import { channel } from 'node:diagnostics_channel';
import { context, Logger, Predict, subscribe } from 'dspex';
import { composeLM, OpenAICompatible } from 'dspex/clients';
import { recordEvents, startMockServer } from 'dspex/testing';
import { expect } from 'vitest';
import { UnknownOptionError } from '../../../../src/core/errors/option-errors';
import { faultRow, type RowContext } from '../../matrix/fault-row';

class Notes extends Logger {
  readonly said: object[] = [];
  debug(): void {}
  info(): void {}
  warn(details: object): void {
    this.said.push(details);
  }
  error(): void {}
}

class BrokenLogger extends Logger {
  debug(): never {
    throw new Error('no disk for the log');
  }
  info = this.debug;
  warn = this.debug;
  error = this.debug;
}

async function answers({ use }: RowContext, calls: number, logger: Logger): Promise<number> {
  const server = use(await startMockServer());
  const lm = use(composeLM(new OpenAICompatible({ model: 'm', baseUrl: server.url })));
  const predict = new Predict('q -> a');
  for (let index = 0; index < calls; index += 1) {
    const { a } = await context({ lm, logger }, () => predict.call({ q: `question ${index}` }));
    expect(a).toBe('a mock a');
  }
  return server.requests.length;
}

faultRow(54, 'a listener that throws', async (row) => {
  const logger = new Notes();
  const events = row.use(recordEvents());
  const broken = row.use(
    subscribe(() => {
      throw new Error('this listener is broken');
    }),
  );
  const attempts = await answers(row, 3, logger);
  expect(attempts).toBe(3);
  expect(broken.failures).toBe(broken.delivered);
  expect(broken.delivered).toBe(events.events.length);
  expect(broken.failures).toBeGreaterThan(10);
  expect(logger.said).toEqual([{ kind: expect.any(String), failures: 1, reason: 'Error: this listener is broken' }]);
  return { happened: `3 calls answered, ${broken.failures} failures counted, one of them logged`, attempts };
});

faultRow(54, 'a listener whose promise is rejected, and one whose promise never settles', async (row) => {
  const logger = new Notes();
  const rejecting = row.use(
    subscribe(async () => Promise.reject(new Error('the exporter is down')), { kinds: ['lm'] }),
  );
  const hanging = row.use(subscribe(() => new Promise<void>(() => {}), { kinds: ['lm'] }));
  const attempts = await answers(row, 2, logger);
  await expect.poll(() => rejecting.failures).toBe(4);
  expect(hanging).toMatchObject({ delivered: 4, failures: 0 });
  expect(logger.said).toHaveLength(1);
  return { happened: '2 calls answered, 4 rejections counted, nobody waited for the other', attempts };
});

faultRow(54, 'a listener that throws, and a logger that throws on hearing of it', async (row) => {
  const broken = row.use(
    subscribe(() => {
      // Not even an error: something that cannot be made a text.
      throw Object.create(null);
    }),
  );
  const attempts = await answers(row, 2, new BrokenLogger());
  expect(broken.failures).toBe(broken.delivered);
  return { happened: `2 calls answered, ${broken.failures} failures counted`, attempts };
});

faultRow(54, 'a listener on the bare channel that throws', async (row) => {
  const thrown: unknown[] = [];
  // Node tells the process of it as an uncaught exception, and whoever subscribes there takes that on; the call must not see it.
  const theirs = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => thrown.push(error));
  row.after(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of theirs) process.on('uncaughtException', listener);
  });
  const bare = channel('dspex:lm');
  const listener = () => {
    throw new Error('a bare listener is broken');
  };
  bare.subscribe(listener);
  row.after(() => bare.unsubscribe(listener));
  const attempts = await answers(row, 1, new Notes());
  await expect.poll(() => thrown.map(String)).toEqual(Array(2).fill('Error: a bare listener is broken'));
  return { happened: 'the call was answered; Node handed the 2 errors to the process', attempts };
});

faultRow(54, 'a listener changes the event, or asks for one that does not exist', async (row) => {
  const first = row.use(subscribe((event) => Object.assign(event, { kind: 'forged' }), { kinds: ['lm'] }));
  const events = row.use(recordEvents('lm'));
  const attempts = await answers(row, 1, new Notes());
  expect(first.failures).toBe(2);
  expect(events.events.map(({ kind, phase }) => `${kind} ${phase}`)).toEqual(['lm start', 'lm end']);
  expect(() => subscribe(() => {}, { kinds: ['nothing'] as never })).toThrow('module, predictor');
  expect(() => subscribe(() => {}, { kind: 'lm' } as never)).toThrow(UnknownOptionError);
  expect(() => subscribe('lm' as never)).toThrow('a function');
  return { happened: 'events are frozen: the listener failed, the next one saw the event as it was', attempts };
});
