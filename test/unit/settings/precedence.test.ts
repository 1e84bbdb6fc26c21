import { inspect } from 'node:util';
import { LM, LMNotConfiguredError, UnknownLMNameError, UnknownOptionError } from 'dspex';
import { ChatAdapter, JSONAdapter } from 'dspex/adapters';
import {
  bindFrame,
  configure,
  context,
  explainSettings,
  Module,
  Predict,
  resetConfiguration,
  resolveSetting,
  type SettingsSource,
  setEnvironmentLM,
  stampHome,
} from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

const named = (model: string) => new DummyLM(() => ({ answer: model }), { model });
const LEVELS = ['call', 'predictor', 'context', 'home', 'configure', 'environment'] as const;

beforeEach(() => {
  setEnvironmentLM((name) => named(name));
});
afterEach(() => {
  resetConfiguration();
  delete process.env['DSPEX_LM'];
});

/** Asks with an LM supplied by each of these levels, named after its level. */
async function answeredBy(levels: readonly string[]): Promise<string> {
  const at = (level: string) => levels.includes(level);
  const predict = new Predict('question -> answer');
  if (at('environment')) process.env['DSPEX_LM'] = 'environment';
  if (at('configure')) configure({ lm: named('configure') });
  if (at('home')) stampHome(predict, { name: 'container', get: (key) => (key === 'lm' ? named('home') : undefined) });
  if (at('predictor')) predict.lm = named('predictor');
  const options = at('call') ? { lm: named('call') } : {};
  const ask = () => predict.call({ question: 'Who?' }, options);
  return (await (at('context') ? context({ lm: named('context') }, ask) : ask())).answer;
}

test.each(LEVELS.map((level, index) => [level, LEVELS.slice(index)] as const))(
  'the LM of the level %s beats those of every weaker level',
  async (level, levels) => expect(await answeredBy(levels)).toBe(level),
);

test('without any LM a call says in which ways to supply one', async () => {
  const call = new Predict('question -> answer').call({ question: 'Who?' });
  await expect(call).rejects.toThrow(LMNotConfiguredError);
  await expect(call).rejects.toThrow(/configure.*context.*setLM.*container.*DSPEX_LM/s);
});

test('an LM given by name is looked up in the container of the program', async () => {
  const home: SettingsSource = {
    name: 'container',
    get: (key, name) =>
      key === 'lm' ? { undefined: named('default'), teacher: named('teacher') }[String(name)] : undefined,
  };
  const predict = stampHome(new Predict('question -> answer'), home);
  const ask = (options = {}) => predict.call({ question: 'Who?' }, options);
  expect((await ask()).answer).toBe('default');
  expect((await context({ lm: 'teacher' }, () => ask())).answer).toBe('teacher');
  expect((await ask({ lm: 'teacher' })).answer).toBe('teacher');
  await expect(ask({ lm: 'nobody' })).rejects.toThrow("container has no LM named 'nobody'");
  await expect(new Predict('a -> b').call({ a: '' }, { lm: 'teacher' })).rejects.toThrow(UnknownLMNameError);
});

test('an adapter the LM prefers yields to call, predictor and context, and beats home and configure', async () => {
  class Prefers extends DummyLM {
    override get preferredAdapter() {
      return new JSONAdapter();
    }
  }
  const chat = new ChatAdapter();
  const predict = new Predict('question -> answer');
  const layout = async (run: () => Promise<unknown>) => {
    const lm = new Prefers(() => ({ answer: 'A' }));
    await context({ lm }, run);
    return String(lm.requests[0]?.messages[0]?.content).includes('JSON object') ? 'json' : 'chat';
  };
  const ask = () => predict.call({ question: 'Who?' });
  configure({ adapter: chat });
  expect(await layout(ask)).toBe('json');
  expect(await layout(() => context({ adapter: chat }, ask))).toBe('chat');
  expect(await layout(() => predict.call({ question: 'Who?' }, { adapter: chat }))).toBe('chat');
  predict.adapter = chat;
  expect(await layout(ask)).toBe('chat');
});

test('nested contexts add up, the inner one first, and end where they end', async () => {
  const lm = named('outer');
  await context({ lm, maxRepairs: 3 }, async () => {
    await context({ maxRepairs: 0 }, async () => {
      expect(resolveSetting('maxRepairs')).toEqual({ value: 0, level: 'context' });
      expect(resolveSetting('lm').value).toBe(lm);
    });
    expect(resolveSetting('maxRepairs').value).toBe(3);
  });
  expect(resolveSetting('lm')).toEqual({ value: undefined, level: 'none' });
});

test('contexts of concurrent work do not leak into each other', async () => {
  const predict = new Predict('question -> answer');
  const one = async (model: string) =>
    context({ lm: named(model) }, async () => {
      const answers: string[] = [];
      for (let round = 0; round < 20; round += 1) {
        await new Promise((resume) => setImmediate(resume));
        answers.push((await predict.call({ question: 'Who?' })).answer);
      }
      return new Set(answers);
    });
  const results = await Promise.all(['a', 'b', 'c'].map(one));
  expect(results.map((set) => [...set])).toEqual([['a'], ['b'], ['c']]);
});

test('an unknown setting is named with those that exist', () => {
  expect(() => configure({ temprature: 1 } as object)).toThrow(UnknownOptionError);
  expect(() => context({ model: 'x' } as object, () => 0)).toThrow(/lm, adapter, retriever/);
  expect(() => configure({ concurrency: 0 })).toThrow(/'concurrency' is 0 .*at least 1/);
  expect(() => configure({ lm: {} as LM })).toThrow(/'lm'/);
});

test('a setting given as undefined counts as not given', () => {
  configure({ maxRepairs: 4 });
  expect(context({ maxRepairs: undefined } as object, () => resolveSetting('maxRepairs').level)).toBe('configure');
});

test('the explanation says value, level and what is shadowed', () => {
  configure({ lm: named('configured'), maxRepairs: 2 });
  const predict = new Predict('question -> answer');
  predict.lm = named('pinned');
  const lines = context({ lm: named('ambient') }, () => predict.explainSettings());
  expect(String(lines)).toContain(
    'lm: DummyLM pinned (predictor), shadows DummyLM ambient (context), DummyLM configured (configure)',
  );
  expect(inspect(lines)).toBe(String(lines));
  expect(String(lines)).toContain('maxRepairs: 2 (configure), shadows 1 (default)');
  expect(String(lines)).toContain('adapter: ChatAdapter (default)');
  expect(String(context({ lm: 'nobody' }, explainSettings))).toContain("lm: 'nobody' (context)");
});

test('settings fixed by with() hold in the copy only, over context and under the call', async () => {
  const program = new Predict('question -> answer');
  const copy = program.with({ lm: named('fixed'), maxRepairs: 0 });
  const ask = (options = {}) => context({ lm: named('ambient') }, () => copy.call({ question: 'Who?' }, options));
  expect((await ask()).answer).toBe('fixed');
  expect((await ask({ lm: named('call') })).answer).toBe('call');
  expect(program.lm).toBeUndefined();
  expect(String(copy.explainSettings())).toContain('maxRepairs: 0 (predictor), shadows 1 (default)');
});

test('a copy of a program keeps its home, and with() may name an LM of it', async () => {
  const lms: Record<string, LM> = { undefined: named('default'), teacher: named('teacher') };
  const home: SettingsSource = {
    name: 'container',
    get: (key, name) => (key === 'lm' ? lms[String(name)] : undefined),
  };
  const predict = stampHome(new Predict('question -> answer'), home);
  expect((await predict.clone().call({ question: 'Who?' })).answer).toBe('default');
  expect((await predict.with({ lm: 'teacher' }).call({ question: 'Who?' })).answer).toBe('teacher');
});

test('parts of a program have the home of the program while it is called, unless they have their own', async () => {
  const source = (model: string): SettingsSource => ({
    name: model,
    get: (key) => (key === 'lm' ? named(model) : undefined),
  });
  class Two extends Module {
    plain = new Predict('question -> answer');
    own = stampHome(new Predict('question -> answer'), source('own'));
    override async forward({ question }: { question: string }) {
      return [(await this.plain.call({ question })).answer, (await this.own.call({ question })).answer];
    }
  }
  expect(await stampHome(new Two(), source('program')).call({ question: 'Who?' })).toEqual(['program', 'own']);
});

test('work that is queued keeps the settings of the moment it was bound', () => {
  const bound = context({ maxRepairs: 7 }, () => bindFrame(() => resolveSetting('maxRepairs').value));
  expect(context({ maxRepairs: 3 }, bound)).toBe(7);
});
