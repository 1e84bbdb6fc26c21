import { LMInvalidRequestError } from '../../../../core/errors/lm-errors';
import { choice, FRACTION, STRING_CHARACTER, STRING_FORMATS, terminal, times, WHOLE_NUMBER } from './gbnf';

/** Bounds on what a grammar lets through, so that a model that rambles still closes its JSON. */
export interface GrammarBounds {
  /** Longest string in characters, unless the schema allows less. */
  readonly stringLimit: number;
  /** Longest array or free dictionary, unless the schema allows less. */
  readonly itemLimit: number;
}

type Schema = Readonly<Record<string, unknown>>;

const INDENT = '  ';
/** Recursive schemas are unrolled this deep. */
const DEEPEST = 10;
/** Values of any shape nest this deep at most. */
const DEEPEST_FREE = 4;
const LONGEST_KEY = 64;

/**
 * The GBNF grammar of the JSON texts of a schema, laid out as the JSON adapter lays out demonstrations: two spaces of
 * indentation, members in the schema's order, nothing before or after. One layout only, the one the model has just read:
 * another one costs answers. Every listed property is written, also an optional one; ranges, patterns and uniqueness are
 * left to the parser. Throws `LMInvalidRequestError` for a schema that has no finite value or is not understood.
 */
export function schemaGrammar(schema: Schema, bounds: GrammarBounds): string {
  const writer = new SchemaGrammar(schema, bounds);
  const root = writer.value(schema, 0, true);
  if (root === undefined) throw new LMInvalidRequestError('The JSON Schema nests too deep for a grammar.');
  return writer.text(root);
}

/** The grammar of any JSON object in the same layout (`response_format: json_object`). */
export function anyObjectGrammar(bounds: GrammarBounds): string {
  return schemaGrammar({ type: 'object', additionalProperties: true }, bounds);
}

/** Writes rules for one schema. An expression is undefined where the schema cannot be written within the depth that is left. */
class SchemaGrammar {
  private readonly rules = new Map<string, string>();
  private readonly references = new Map<string, string | undefined>();

  constructor(
    private readonly root: Schema,
    private readonly bounds: GrammarBounds,
  ) {}

  text(root: string): string {
    return [`root ::= ${root}`, ...[...this.rules].map(([name, body]) => `${name} ::= ${body}`)].join('\n');
  }

  value(schema: Schema, depth: number, isRoot = false): string | undefined {
    if (depth > DEEPEST) return undefined;
    if (typeof schema['$ref'] === 'string') return this.reference(schema['$ref'], depth);
    if ('const' in schema) return terminal(JSON.stringify(schema['const']));
    if (Array.isArray(schema['enum'])) return choice(schema['enum'].map((item) => terminal(JSON.stringify(item))));
    const options = schema['anyOf'] ?? schema['oneOf'];
    if (Array.isArray(options)) return this.anyOf(options, depth);
    const all = schema['allOf'];
    if (Array.isArray(all) && all.length === 1)
      return this.value({ ...schema, allOf: undefined, ...asSchema(all[0]) }, depth);
    const type = schema['type'] ?? (schema['properties'] === undefined ? undefined : 'object');
    if (Array.isArray(type)) {
      return this.anyOf(
        type.map((one) => ({ ...schema, type: one })),
        depth,
      );
    }
    switch (type) {
      case 'string':
        return this.string(schema);
      case 'integer':
        return `${sign(schema)}${WHOLE_NUMBER}`;
      case 'number':
        return `${sign(schema)}${WHOLE_NUMBER} ${FRACTION}`;
      case 'boolean':
        return '("true" | "false")';
      case 'null':
        return '"null"';
      case 'array':
        return this.array(schema, depth);
      case 'object':
        return this.object(schema, depth, isRoot);
      case undefined:
        return this.anything(depth);
      default:
        throw new LMInvalidRequestError(`The JSON Schema has the type '${String(type)}', which JSON does not have.`);
    }
  }

  private reference(pointer: string, depth: number): string | undefined {
    const key = `${pointer} ${depth}`;
    if (this.references.has(key)) return this.references.get(key);
    const target = pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((node, step) => asSchema(node)[unescaped(step)], this.root);
    if (target === undefined)
      throw new LMInvalidRequestError(`The JSON Schema refers to '${pointer}', which it does not hold.`);
    // A schema that refers to itself without any nesting in between has no value that way.
    this.references.set(key, undefined);
    const body = this.value(asSchema(target), depth);
    const name = body === undefined ? undefined : this.rule(`ref-${depth}-${this.references.size}`, body);
    this.references.set(key, name);
    return name;
  }

  private anyOf(options: readonly unknown[], depth: number): string | undefined {
    const written = options.map((option) => this.value(asSchema(option), depth)).filter((one) => one !== undefined);
    return written.length === 0 ? undefined : choice(written);
  }

  private string(schema: Schema): string {
    const format = STRING_FORMATS.get(String(schema['format']));
    if (format !== undefined) return `"\\"" ${format} "\\""`;
    const low = numberOr(schema['minLength'], 0);
    const high = Math.max(
      low,
      Math.min(numberOr(schema['maxLength'], this.bounds.stringLimit), this.bounds.stringLimit),
    );
    this.rule('char', STRING_CHARACTER);
    return this.rule(`string-${low}-${high}`, `"\\"" char{${low},${high}} "\\""`);
  }

  private array(schema: Schema, depth: number): string | undefined {
    const prefix = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : [];
    if (prefix.length > 0) {
      return this.container(
        '[',
        ']',
        prefix.map((item) => this.value(asSchema(item), depth + 1)),
        depth,
      );
    }
    const low = numberOr(schema['minItems'], 0);
    const high = Math.max(low, Math.min(numberOr(schema['maxItems'], this.bounds.itemLimit), this.bounds.itemLimit));
    return this.list('[', ']', this.value(asSchema(schema['items'] ?? {}), depth + 1), low, high, depth);
  }

  private object(schema: Schema, depth: number, isRoot: boolean): string | undefined {
    const properties = Object.entries(asSchema(schema['properties'] ?? {}));
    const additional = schema['additionalProperties'];
    if (properties.length > 0 || (isRoot && additional === false)) {
      const members = properties.map(([name, property]) => {
        const value = this.value(asSchema(property), depth + 1);
        return value === undefined ? undefined : `${terminal(`${JSON.stringify(name)}: `)} ${value}`;
      });
      return this.container('{', '}', members, depth);
    }
    // A nested object without properties is a dictionary. Strict shaping marks even those as closed, which would leave only `{}`.
    const value = this.value(typeof additional === 'object' ? asSchema(additional) : {}, depth + 1);
    const member = value === undefined ? undefined : `${this.key(schema['propertyNames'])} ": " ${value}`;
    return this.list('{', '}', member, 0, this.bounds.itemLimit, depth);
  }

  private key(names: unknown): string {
    const named = names === undefined ? undefined : this.value(asSchema(names), 0);
    if (named !== undefined && !named.startsWith('string-')) return named;
    this.rule('char', STRING_CHARACTER);
    return this.rule('key', `"\\"" char{1,${LONGEST_KEY}} "\\""`);
  }

  private anything(depth: number): string {
    const simple = [this.string({}), `"-"? ${WHOLE_NUMBER} ${FRACTION}`, '"true"', '"false"', '"null"'];
    if (depth > DEEPEST_FREE) return choice(simple);
    const name = `any-${depth}`;
    if (this.rules.has(name)) return name;
    this.rules.set(name, '');
    const array = this.array({}, depth) ?? '"[]"';
    const object = this.object({}, depth, false) ?? '"{}"';
    this.rules.set(name, [...simple, array, object].join(' | '));
    return name;
  }

  /** Exactly these members, one a line. */
  private container(
    open: string,
    close: string,
    members: readonly (string | undefined)[],
    depth: number,
  ): string | undefined {
    if (members.includes(undefined)) return undefined;
    if (members.length === 0) return terminal(open + close);
    return `${terminal(open + newline(depth + 1))} ${members.join(` ${terminal(`,${newline(depth + 1)}`)} `)} ${terminal(newline(depth) + close)}`;
  }

  /** Between `low` and `high` times the same member, one a line. */
  private list(open: string, close: string, member: string | undefined, low: number, high: number, depth: number) {
    const empty = low === 0 ? terminal(open + close) : undefined;
    if (member === undefined || high === 0) return empty;
    const item = this.rule(`item-${this.rules.size}`, member);
    const more = times(`${terminal(`,${newline(depth + 1)}`)} ${item}`, Math.max(0, low - 1), high - 1);
    const filled = `${terminal(open + newline(depth + 1))} ${item} ${more} ${terminal(newline(depth) + close)}`;
    return empty === undefined ? filled : choice([empty, filled]);
  }

  private rule(name: string, body: string): string {
    this.rules.set(name, body);
    return name;
  }
}

function newline(depth: number): string {
  return `\n${INDENT.repeat(depth)}`;
}

/** A minus sign, unless the schema rules negative numbers out. */
function sign(schema: Schema): string {
  const low = Math.max(numberOr(schema['minimum'], -1), numberOr(schema['exclusiveMinimum'], -1));
  return low >= 0 ? '' : '"-"? ';
}

function asSchema(value: unknown): Schema {
  return value !== null && typeof value === 'object' ? (value as Schema) : {};
}

function numberOr(value: unknown, otherwise: number): number {
  const number = Number(value ?? otherwise);
  return Number.isFinite(number) ? number : otherwise;
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
