import { InvalidOptionError } from '../../../errors/option-errors';
import { ToolArgumentError, ValueParseError } from '../../../errors/value-errors';
import type { ToolDefinition } from '../../../primitives/lm-request';
import { checkOptions, wholeNumber } from '../../../util/check-options';
import { readNestedClass } from '../../classes/read-class';
import { validate } from '../../coercion/validate';
import { pythonRepr } from '../../python/repr';
import type { CustomTypeSpec, ModelType } from '../../type-spec';
import { customSpec } from '../custom-spec';
import { CustomType } from '../custom-type';
import { runTool, type ToolContext, type ToolLimits } from './run-tool';
import { argumentsOf, dumpSchema, type ToolArguments } from './tool-schema';
import { toolScope } from './tool-scope';

/** A class whose decorated properties are the arguments of a tool. */
export type ArgumentsClass<A extends object = object> = new () => A;

export interface ToolOptions<A extends object = Readonly<Record<string, unknown>>> {
  readonly name: string;
  /** What the tool does, for the LM. */
  readonly desc?: string | null | undefined;
  /**
   * Its arguments: a class with decorated properties, which are converted and checked before `run`; or the JSON Schema of each
   * argument, which is shown to the LM and not enforced, except that unknown arguments are refused. Default: none.
   */
  readonly args?: ArgumentsClass<A> | ToolArguments | undefined;
  /** Arguments that are not listed reach `run` too; default false. */
  readonly openArgs?: boolean | undefined;
  /** Does the work; may be asynchronous. Its second argument has the signal that ends it. */
  readonly run: (args: A, context: ToolContext) => unknown;
  /** Time for one run, in milliseconds; default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Further runs after a failure; default 0, because a tool may have done its work before it failed. */
  readonly retries?: number | undefined;
}

const OPTIONS: readonly (keyof ToolOptions)[] = ['name', 'desc', 'args', 'openArgs', 'run', 'timeoutMs', 'retries'];
const TIMEOUT_MS = 60_000;
/** Timers of Node fire at once when they are asked for more. */
const LONGEST_MS = 2 ** 31 - 1;

/** How a tool call ended. */
export type ToolOutcome = { readonly value: unknown } | { readonly error: unknown };

/**
 * Something a model may ask for by name (DSPy: `dspy.Tool`). As an input, `type: Tool` or `items: Tool`, the prompt describes it;
 * with native function calling the provider is told instead. Nothing runs unless `call` is called.
 */
export class Tool<A extends object = Readonly<Record<string, unknown>>> extends CustomType {
  readonly name: string;
  readonly desc: string | null;
  /** The JSON Schema of each argument. */
  readonly args: ToolArguments;
  // Not a function of A: a list holds tools with different arguments.
  readonly #run: (args: unknown, context: ToolContext) => unknown;
  readonly #limits: ToolLimits;
  readonly #shape: ModelType | undefined;
  readonly #open: boolean;

  /** Throws `InvalidOptionError`. */
  constructor(options: ToolOptions<A>) {
    super();
    checkOptions('Tool', options, OPTIONS);
    const { name, desc = null, args = {}, openArgs = false, run, timeoutMs = TIMEOUT_MS, retries = 0 } = options;
    if (typeof name !== 'string' || name === '') throw new InvalidOptionError('Tool', 'name', name, 'a name');
    if (typeof run !== 'function') throw new InvalidOptionError('Tool', 'run', run, 'a function');
    if (!(timeoutMs > 0 && timeoutMs <= LONGEST_MS)) {
      throw new InvalidOptionError('Tool', 'timeoutMs', timeoutMs, `milliseconds above 0 and at most ${LONGEST_MS}`);
    }
    this.#limits = { timeoutMs, retries: wholeNumber('Tool', 'retries', retries, 0) };
    this.name = name;
    this.desc = desc;
    this.#run = run as (args: unknown, context: ToolContext) => unknown;
    this.#open = openArgs;
    this.#shape = typeof args === 'function' ? readNestedClass(args, `Tool '${name}'`, 'args') : undefined;
    this.args = Object.freeze(
      this.#shape === undefined ? { ...(args as ToolArguments) } : argumentsOf(this.#shape.fields),
    );
    Object.freeze(this);
  }

  /**
   * Runs the tool with the arguments a model gave. Throws `ToolArgumentError` for arguments that do not fit and `ToolTimeoutError`
   * when it takes too long; what `run` throws is passed on.
   */
  async call(args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const checked = this.#checked(args);
    return runTool(this.name, this.#limits, (context) => this.#run(checked, context));
  }

  /** `call`, with a failure as a value. Rejects only when the call around the tool is aborted. */
  async attempt(args: Readonly<Record<string, unknown>> = {}): Promise<ToolOutcome> {
    try {
      return { value: await this.call(args) };
    } catch (error) {
      toolScope().signal?.throwIfAborted();
      return { error };
    }
  }

  #checked(args: Readonly<Record<string, unknown>>): unknown {
    const unknown = Object.keys(args).find((name) => !Object.hasOwn(this.args, name));
    if (unknown !== undefined && !this.#open) {
      throw new ToolArgumentError(
        this.name,
        `it has no argument '${unknown}'; it takes ${Object.keys(this.args).join(', ') || 'none'}`,
      );
    }
    if (this.#shape === undefined) return args;
    try {
      return validate(args, this.#shape);
    } catch (error) {
      if (error instanceof ValueParseError) throw new ToolArgumentError(this.name, error.message, { cause: error });
      throw error;
    }
  }

  /** How prompts describe the tool; its arguments as a Python dictionary. */
  override format(): string {
    const desc = this.desc ? `, whose description is <desc>${this.desc}</desc>.` : '.';
    return `${this.name}${desc.replaceAll('\n', '  ')} It takes arguments ${this.#argsText()}.`;
  }

  /** How providers are told of it; an argument without a default is required. */
  definition(): ToolDefinition {
    const required = Object.entries(this.args).flatMap(([name, schema]) => ('default' in schema ? [] : [name]));
    return {
      name: this.name,
      description: this.desc,
      parameters: { type: 'object', properties: this.args, required },
    };
  }

  override toString(): string {
    return `Tool(name=${this.name}, desc=${this.desc ?? 'None'}, args=${this.#argsText()})`;
  }

  #argsText(): string {
    const members = Object.entries(this.args).map(([name, schema]) => [name, dumpSchema(schema)] as const);
    return pythonRepr(new Map(members));
  }

  static override parse(given: unknown): Tool {
    if (given instanceof Tool) return given;
    throw new ValueParseError('a tool cannot be answered: it is code');
  }
}

/** The type of a tool field. */
export const TOOL: CustomTypeSpec = customSpec(Tool, undefined, { native: 'tool' });
