import {
  Adapter,
  ChatAdapter,
  configure,
  context,
  JSONAdapter,
  LM,
  LMNotConfiguredError,
  Module,
  Predict,
  Retriever,
  resetConfiguration,
  UnknownLMNameError,
} from 'dspex';
import {
  ContainerLookupError,
  dspex,
  HomeSettings,
  NotAProgramError,
  ProgramNotInjectableError,
  programs,
} from 'dspex/container';
import { homeOf, resolveSetting } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { Container, inject, injectable } from 'inversify';
import { afterEach, describe, expect, it } from 'vitest';

/** An LM that answers every question with its own name. */
const speaker = (name: string) => new DummyLM(() => ({ answer: name }), { model: name });

class QA extends Module {
  readonly step = new Predict('question -> answer');
  async forward({ question }: { question: string }) {
    return this.step.call({ question });
  }
}

const ask = async (program: QA) => (await program.call({ question: 'Who are you?' })).answer;

function house(name: string): Container {
  const container = new Container();
  container.load(dspex(), programs(QA));
  container.bind(LM).toConstantValue(speaker(name));
  return container;
}

afterEach(() => resetConfiguration());

describe('a program from a container', () => {
  it('answers with the LM that is bound there', async () => {
    expect(await ask(house('red').get(QA))).toBe('red');
  });

  it('does not see the other container of the process', async () => {
    const [red, blue] = [house('red').get(QA), house('blue').get(QA)];
    expect(await Promise.all([ask(red), ask(blue), ask(red)])).toEqual(['red', 'blue', 'red']);
  });

  it('sees a rebinding at its next call, so a test swaps the LM by one binding', async () => {
    const container = house('real');
    const program = container.get(QA);
    expect(await ask(program)).toBe('real');
    container.rebind(LM).toConstantValue(speaker('scripted'));
    expect(await ask(program)).toBe('scripted');
  });

  it('belongs to the child container that was asked, so each tenant and request has an LM of its own', async () => {
    const app = house('shared');
    const tenant = (name: string) => {
      const child = new Container({ parent: app });
      child.bind(LM).toConstantValue(speaker(name));
      return child.get(QA);
    };
    const [acme, globex] = [tenant('acme'), tenant('globex')];
    expect(await Promise.all([ask(acme), ask(globex), ask(app.get(QA))])).toEqual(['acme', 'globex', 'shared']);
    expect(await ask(new Container({ parent: app }).get(QA))).toBe('shared');
  });

  it('keeps the LM of a request-scoped binding as long as it lives', async () => {
    const made: DummyLM[] = [];
    const container = new Container();
    container.load(dspex(), programs(QA));
    container
      .bind(LM)
      .toDynamicValue(() => {
        const lm = speaker(`request ${made.length}`);
        made.push(lm);
        return lm;
      })
      .inRequestScope();
    const first = container.get(QA);
    const name = await ask(first);
    expect([await ask(first), await ask(first)]).toEqual([name, name]);
    expect(await ask(container.get(QA))).not.toBe(name);
    expect(made.filter((lm) => lm.requests.length > 0)).toHaveLength(2);
  });

  it('takes a named LM by context, call option, or with()', async () => {
    const container = house('student');
    container.bind(LM).toConstantValue(speaker('master')).whenNamed('teacher');
    const program = container.get(QA);
    expect(await context({ lm: 'teacher' }, () => ask(program))).toBe('master');
    expect((await program.call({ question: 'q' }, { lm: 'teacher' })).answer).toBe('master');
    expect(await ask(program.with({ lm: 'teacher' }))).toBe('master');
    expect(await ask(program)).toBe('student');
  });

  it('finds a named LM of the parent when the child binds only its own default', async () => {
    const app = house('app');
    app.bind(LM).toConstantValue(speaker('master')).whenNamed('teacher');
    const child = new Container({ parent: app });
    child.bind(LM).toConstantValue(speaker('tenant'));
    expect(await context({ lm: 'teacher' }, () => ask(child.get(QA)))).toBe('master');
    const other = new Container({ parent: app });
    other.bind(LM).toConstantValue(speaker('special')).whenNamed('special');
    expect(await ask(other.get(QA))).toBe('app');
  });

  it('never takes the default LM for a misspelled name', async () => {
    const program = house('student').get(QA);
    await expect(context({ lm: 'teecher' }, () => ask(program))).rejects.toThrow(UnknownLMNameError);
  });

  it('keeps the settings around it, so an optimizer runs it with a teacher', async () => {
    const program = house('student').get(QA);
    expect(await context({ lm: speaker('teacher') }, () => ask(program))).toBe('teacher');
  });

  it('keeps its home in every copy', async () => {
    const container = house('home');
    const program = container.get(QA);
    expect(homeOf(program.clone())).toBe(homeOf(program));
    expect(await ask(program.clone().resetCopy())).toBe('home');
    expect(Object.keys(program)).toEqual(['step']);
  });

  it('falls through to configure() for what the container does not bind', async () => {
    const container = new Container();
    container.load(dspex(), programs(QA));
    await expect(ask(container.get(QA))).rejects.toThrow(LMNotConfiguredError);
    configure({ lm: speaker('root'), adapter: new JSONAdapter() });
    const program = container.get(QA);
    expect(await ask(program)).toBe('root');
    expect(resolveSetting('adapter', { home: homeOf(program) })).toMatchObject({ level: 'configure' });
  });

  it('has the home of its container before the root of configure()', async () => {
    configure({ lm: speaker('root') });
    expect(await ask(house('bound').get(QA))).toBe('bound');
  });

  it('takes plain settings from the nearest HomeSettings that gives them', () => {
    const app = new Container();
    app.load(dspex({ maxRepairs: 0, concurrency: 4 }), programs(QA));
    const child = new Container({ parent: app });
    child.bind(HomeSettings).toConstantValue(new HomeSettings({ concurrency: 2 }));
    const home = homeOf(child.get(QA));
    const level = 'home';
    expect(resolveSetting('concurrency', { home })).toEqual({ value: 2, level });
    expect(resolveSetting('maxRepairs', { home })).toEqual({ value: 0, level });
    expect(resolveSetting('maxErrors', { home })).toMatchObject({ level: 'default' });
  });

  it('uses the bound adapter', async () => {
    const container = house('json');
    expect(container.get(Adapter)).toBeInstanceOf(ChatAdapter);
    const json = new JSONAdapter();
    container.bind(Adapter).toConstantValue(json);
    expect(resolveSetting('adapter', { home: homeOf(container.get(QA)) })).toEqual({ value: json, level: 'home' });
    expect(await ask(container.get(QA))).toBe('json');
  });
});

class Passages extends Retriever {
  async retrieve(query: string) {
    return [`about ${query}`];
  }
}

@injectable()
class Search extends Module {
  constructor(readonly retriever: Retriever) {
    super();
  }
  async forward({ query }: { query: string }) {
    return { passages: await this.retriever.retrieve(query) };
  }
}

class RAG extends Module {
  readonly answer = new Predict('passages, question -> answer');
  constructor(@inject(Search) readonly search: Search) {
    super();
  }
  async forward({ question }: { question: string }) {
    const { passages } = await this.search.call({ query: question });
    return this.answer.call({ passages: passages.join('\n'), question });
  }
}

describe('injection', () => {
  it('gives a program its retriever, and a program the program inside it', async () => {
    const container = house('found');
    container.load(programs(RAG, Search));
    container.bind(Retriever).to(Passages).inSingletonScope();
    const rag = container.get(RAG);
    const { answer } = await rag.call({ question: 'whales' });
    expect(answer).toBe('found');
    expect(JSON.stringify((container.get(LM) as DummyLM).requests[0]?.messages)).toContain('about whales');
    expect(rag.namedSubModules().map(([path]) => path)).toEqual(['self', 'self.search', 'self.answer']);
    expect(homeOf(rag.search)?.name).toBe('container');
  });

  it('constructs a fresh program each time', () => {
    const container = house('x');
    expect(container.get(QA)).not.toBe(container.get(QA));
  });
});

describe('mistakes', () => {
  class Undecorated extends Module {
    constructor(readonly retriever: Retriever) {
      super();
    }
    forward() {}
  }

  it('says how to make a program injectable', () => {
    const load = () => new Container().load(programs(Undecorated));
    expect(load).toThrow(ProgramNotInjectableError);
    expect(load).toThrow(/'Undecorated'.*takes 1 parameter,.*@inject\(Retriever\)/s);
  });

  it('refuses what is no program', () => {
    expect(() => new Container().load(programs(Passages as never))).toThrow(NotAProgramError);
    expect(() => new Container().load(programs('RAG' as never))).toThrow(/a value of type string/);
  });

  it('does not construct what nobody bound', () => {
    const container = new Container();
    container.load(dspex());
    expect(() => container.get(QA)).toThrow(/No bindings found for service: "QA"/);
  });

  it('names the setting when two bindings answer', async () => {
    const container = house('one');
    container.bind(LM).toConstantValue(speaker('two'));
    const call = ask(container.get(QA));
    await expect(call).rejects.toThrow(ContainerLookupError);
    await expect(call).rejects.toThrow(/supply LM to a program: Ambiguous bindings/);
  });

  it('asks for an LM that is made asynchronously to be awaited once', async () => {
    const container = new Container();
    container.load(dspex(), programs(QA));
    container
      .bind(LM)
      .toDynamicValue(async () => speaker('late'))
      .inSingletonScope();
    await expect(ask(container.get(QA))).rejects.toThrow(/container\.getAsync\(LM\)/);
    await container.getAsync(LM);
    expect(await ask(container.get(QA))).toBe('late');
  });
});
