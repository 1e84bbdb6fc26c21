import { shownValue, ValueParseError } from '../../../errors/value-errors';
import { findTolerantJson } from '../../../util/tolerant-json';
import { ANY, type CustomTypeSpec, type ModelType, STR } from '../../type-spec';
import { customSpec } from '../custom-spec';
import { CustomType } from '../custom-type';
import type { Members } from '../read-members';
import { ToolCallResults } from './tool-call-results';

/** A tool that a model asks for, with what it shall get. */
export interface ToolCall {
  /** The provider's id of the call, where it gave one; results refer to it. */
  readonly id?: string | undefined;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * The tools a model asks for (DSPy: `dspy.ToolCalls`). As an output it is the provider's own function calling where the adapter and
 * the model have it (`useNativeFunctionCalling`), and JSON in the answer where not. Nothing is executed by parsing it.
 */
export class ToolCalls extends CustomType {
  readonly calls: readonly ToolCall[];
  /** What came of the calls, for turns of a `History`. */
  readonly results: ToolCallResults | undefined;

  constructor(calls: readonly ToolCall[], results?: ToolCallResults) {
    super();
    this.calls = Object.freeze([...calls]);
    this.results = results;
    Object.freeze(this);
  }

  static override description(): string {
    return (
      'Tool calls must be a JSON object with `tool_calls`, a list of calls. Each call must include `name` and `args`. ' +
      'Example: {"tool_calls": [{"name": "search", "args": {"query": "cats"}}]}'
    );
  }

  /** From one call, a list of calls or `{ tool_calls: [...] }`; a call may also have the shape that providers give it. */
  static override parse(given: unknown): ToolCalls {
    if (given instanceof ToolCalls) return given;
    if (Array.isArray(given)) return new ToolCalls(given.map(readCall));
    if (given === null || typeof given !== 'object') throw misfit(given);
    const { tool_calls: list } = given as Members;
    if (list === undefined) return new ToolCalls([readCall(given)]);
    if (!Array.isArray(list)) throw new ValueParseError('it must be a list of calls', ['tool_calls']);
    const { tool_call_results: results } = given as Members;
    return new ToolCalls(list.map(readListed), results ? ToolCallResults.parse(results) : undefined);
  }

  override format() {
    const calls = { tool_calls: this.calls.map(({ name, args }) => ({ name, args })) };
    return this.results === undefined ? calls : { ...calls, tool_call_results: this.results };
  }
}

function misfit(given: unknown): ValueParseError {
  return new ValueParseError(`it must be an object with tool_calls, not ${shownValue(given)}`);
}

/** A call outside `tool_calls` is known by its name and arguments, or by the provider's `function`. */
function readCall(given: unknown): ToolCall {
  const members = given !== null && typeof given === 'object' ? (given as Members) : {};
  const isCall = 'function' in members || ('name' in members && ('args' in members || 'arguments' in members));
  if (!isCall) throw misfit(given);
  return readListed(given);
}

function readListed(given: unknown): ToolCall {
  if (given === null || typeof given !== 'object') throw misfit(given);
  const { function: wired, id, call_id: callId } = given as Members;
  if (wired !== undefined && (wired === null || typeof wired !== 'object')) throw misfit(given);
  const { name, args, arguments: text } = (wired ?? given) as Members;
  if (typeof name !== 'string') throw new ValueParseError('a call must have a name', ['name']);
  const known = id || callId;
  if (known && typeof known !== 'string') {
    throw new ValueParseError(`the id of a call is a text, not ${shownValue(known)}`, ['id']);
  }
  return {
    ...(known ? { id: known as string } : {}),
    name,
    args: readArguments(wired === undefined ? (args ?? text) : text),
  };
}

/** Arguments as an object, also from JSON text; what is neither is no arguments. Throws `ValueParseError` for other texts. */
export function readArguments(given: unknown): Readonly<Record<string, unknown>> {
  const value = typeof given === 'string' ? findTolerantJson(given) : given;
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Members;
  if (typeof given === 'string') throw new ValueParseError(`it must be an object, not ${shownValue(given)}`, ['args']);
  return {};
}

const CALL: ModelType = {
  kind: 'model',
  name: 'ToolCall',
  fields: [
    { name: 'name', type: STR },
    { name: 'args', type: { kind: 'dict', key: STR, value: ANY } },
  ],
};
const SHAPE: ModelType = {
  kind: 'model',
  name: 'ToolCalls',
  fields: [{ name: 'tool_calls', type: { kind: 'list', item: CALL } }],
};

/** The type of a field of tool calls. */
export const TOOL_CALLS: CustomTypeSpec = customSpec(ToolCalls, () => SHAPE, {
  native: 'tool-calls',
  hint: 'must be a JSON object like {"tool_calls": [{"name": "...", "args": {...}}]}',
});
