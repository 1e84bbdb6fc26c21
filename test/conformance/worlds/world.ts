import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vectorsDirectory } from '../vectors';

/** A scripted language model of the vectors: tables and handlers (its README explains every part). */
export interface World {
  readonly tables: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
  readonly handlers: readonly Handler[];
}

/** A request as the vectors write it. */
export interface WorldRequest {
  readonly messages: readonly (readonly [role: string, content: string])[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

interface Handler {
  readonly outputs?: readonly string[];
  readonly field_in?: readonly [field: string, values: readonly string[]];
  readonly rollout?: string;
  readonly fmt?: string;
  readonly system_has?: string;
  readonly error?: string;
  readonly raw?: Expression;
  readonly set?: Readonly<Record<string, Expression>>;
}

type Expression =
  | string
  | { readonly concat: readonly Expression[] }
  | { readonly pick: readonly Expression[]; readonly salt: string; readonly over: readonly string[] }
  | { readonly gate: Gate; readonly then: Expression; readonly else: Expression }
  | {
      readonly grow: string;
      readonly search: string;
      readonly steps: readonly (readonly [string, string])[];
      readonly else: Expression;
    }
  | { readonly row: string; readonly table: string; readonly by: string; readonly else: Expression }
  | { readonly field: string };

interface Gate {
  readonly table: string;
  readonly by: string;
  readonly salt: string;
  readonly over: readonly string[];
  readonly base: number;
  readonly demo_points?: number;
  readonly demo_cap?: number;
  readonly system?: readonly (readonly [needle: string, tag: string | null, points: number])[];
  readonly fields?: readonly (readonly [field: string, needle: string, points: number])[];
}

/** The world of this name. Throws when the folder of vectors has no such world. */
export function loadWorld(name: string): World {
  const worlds = JSON.parse(readFileSync(join(vectorsDirectory(), 'worlds.json'), 'utf8')) as Record<string, World>;
  const world = worlds[name];
  if (world === undefined) throw new Error(`worlds.json has no world '${name}'`);
  return world;
}

/** The reply number `index` of a world to a request. Throws the scripted error of a failing model. */
export function worldReply(world: World, request: WorldRequest, index: number): string {
  const asked = new Asked(request, index);
  const handler = world.handlers.find((each) => matches(each, asked));
  if (handler === undefined) throw new Error(`no handler for ${asked.wanted.join(', ')}`);
  if (handler.error !== undefined) throw new Error(handler.error);
  const value = (expression: Expression) => evaluate(expression, world, asked);
  if (handler.raw !== undefined) return value(handler.raw);
  const set = handler.set ?? {};
  const fields = asked.wanted.map((name) => [name, value(set[name] ?? '')] as const);
  if (asked.fmt === 'json') return JSON.stringify(Object.fromEntries(fields));
  if (asked.fmt === 'xml') return fields.map(([name, text]) => `<${name}>\n${text}\n</${name}>`).join('\n\n');
  return [...fields.map(([name, text]) => `[[ ## ${name} ## ]]\n${text}`), '[[ ## completed ## ]]'].join('\n\n');
}

type Fields = ReadonlyMap<string, string>;

/** What a world sees of a request. */
class Asked {
  readonly fmt: string;
  readonly wanted: readonly string[];
  readonly fields: Fields;
  readonly demos: readonly Fields[];
  readonly rollout: string;
  readonly system: string;
  readonly all: string;

  constructor(
    { messages, kwargs }: WorldRequest,
    readonly index: number,
  ) {
    const texts = messages.map(([, content]) => content);
    const last = texts.at(-1) ?? '';
    const reminder = last.lastIndexOf('Respond with ');
    const tail = last.slice(Math.max(0, reminder));
    this.fmt = tail.includes('JSON object') ? 'json' : tail.includes('XML tags') ? 'xml' : 'chat';
    const names = { json: /`(\w+)`/g, xml: /`<(\w+)>`/g, chat: /`\[\[ ## (\w+) ## \]\]`/g }[this.fmt] ?? /(?!)/g;
    const found = [...tail.matchAll(names)].map(([, name]) => name ?? '');
    this.wanted = this.fmt === 'chat' ? found.filter((name) => name !== 'completed') : found;
    this.fields = fieldsOf(last);
    const between = texts.slice(1, -1);
    this.demos = between.flatMap((user, at) =>
      at % 2 === 0 ? [new Map([...fieldsOf(between[at + 1] ?? ''), ...fieldsOf(user)])] : [],
    );
    this.rollout = kwargs['rollout_id'] === undefined ? '' : String(kwargs['rollout_id']);
    this.system = texts[0] ?? '';
    this.all = messages.map(([role, content]) => `${role}:${content}`).join('\n');
  }

  field(name: string): string {
    return this.fields.get(name) ?? '';
  }

  draw(salt: string, over: readonly string[]): number {
    const parts = over.map((part) => {
      if (part === 'i') return String(this.index);
      if (part.startsWith('field:')) return this.field(part.slice('field:'.length));
      return { rollout: this.rollout, system: this.system, all: this.all }[part] ?? '';
    });
    const digest = createHash('sha256')
      .update([salt, ...parts].join('|'), 'utf8')
      .digest('hex');
    return Number.parseInt(digest.slice(0, 8), 16);
  }
}

function fieldsOf(text: string): Fields {
  const end = text.lastIndexOf('\n\nRespond with ');
  const body = end < 0 ? text : text.slice(0, end);
  const found: [string, string[]][] = [];
  for (const line of body.split('\n')) {
    const header = /^\[\[ ## (\w+) ## \]\]$/.exec(line);
    if (header !== null) found.push([header[1] ?? '', []]);
    else found.at(-1)?.[1].push(line);
  }
  const pairs: (readonly [string, string])[] =
    found.length > 0
      ? found.map(([name, lines]) => [name, lines.join('\n').trim()] as const)
      : [...body.matchAll(/<(\w+)>\n([\s\S]*?)\n<\/\1>/g)].map(([, name, value]) => [name ?? '', value ?? ''] as const);
  const fields = new Map<string, string>();
  for (const [name, value] of pairs) if (!fields.has(name)) fields.set(name, value);
  return fields;
}

function matches(handler: Handler, asked: Asked): boolean {
  const { outputs, field_in, rollout, fmt, system_has } = handler;
  return (
    (outputs === undefined || outputs.join('\n') === asked.wanted.join('\n')) &&
    (field_in === undefined || field_in[1].includes(asked.field(field_in[0]))) &&
    (rollout === undefined || rollout === asked.rollout) &&
    (fmt === undefined || fmt === asked.fmt) &&
    (system_has === undefined || asked.system.includes(system_has))
  );
}

function evaluate(expression: Expression, world: World, asked: Asked): string {
  const value = (inner: Expression) => evaluate(inner, world, asked);
  if (typeof expression === 'string') return expression;
  if ('concat' in expression) return expression.concat.map(value).join('');
  if ('pick' in expression) {
    const { pick, salt, over } = expression;
    return value(pick[asked.draw(salt, over) % pick.length] ?? '');
  }
  if ('gate' in expression) return value(passes(expression.gate, world, asked) ? expression.then : expression.else);
  if ('grow' in expression) {
    const grown = asked.field(expression.grow);
    const searched = asked.field(expression.search);
    const step = expression.steps.find(([needle, sentence]) => searched.includes(needle) && !grown.includes(sentence));
    return step === undefined ? value(expression.else) : `${grown} ${step[1]}`;
  }
  if ('row' in expression) {
    const row = world.tables[expression.table]?.[asked.field(expression.by)];
    return row?.[expression.row] ?? value(expression.else);
  }
  return asked.field(expression.field);
}

function passes(gate: Gate, world: World, asked: Asked): boolean {
  const table = world.tables[gate.table] ?? {};
  const row = table[asked.field(gate.by)];
  if (row === undefined) return false;
  const tag = row['tag'];
  const alike = asked.demos.filter((demo) => {
    const shown = table[demo.get(gate.by) ?? ''];
    return shown !== undefined && shown['tag'] === tag;
  }).length;
  let points = gate.base + (gate.demo_points ?? 0) * Math.min(alike, gate.demo_cap ?? 0);
  for (const [needle, only, gained] of gate.system ?? []) {
    if (asked.system.includes(needle) && (only === null || only === tag)) points += gained;
  }
  for (const [field, needle, gained] of gate.fields ?? []) {
    if (asked.field(field).includes(needle)) points += gained;
  }
  return asked.draw(gate.salt, gate.over) % 100 < points;
}
