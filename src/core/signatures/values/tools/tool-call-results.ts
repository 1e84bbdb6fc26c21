import { ToolArgumentError, ValueParseError } from '../../../errors/value-errors';
import { validate } from '../../coercion/validate';
import { ANY, BOOL, type CustomTypeSpec, type ModelType, optionalType, STR } from '../../type-spec';
import { customSpec } from '../custom-spec';
import { CustomType } from '../custom-type';
import type { ToolCall } from './tool-calls';

/** What came of one call. */
export interface ToolCallResult {
  /** The id of the call; `null` when it had none. */
  readonly callId: string | null;
  /** The tool. */
  readonly name: string;
  readonly value: unknown;
  /** True when the tool failed; the value then says how. */
  readonly isError: boolean;
}

const RESULT: ModelType = {
  kind: 'model',
  name: 'ToolCallResult',
  fields: [
    { name: 'call_id', type: optionalType(STR), default: { value: null } },
    { name: 'name', type: STR },
    { name: 'value', type: ANY },
    { name: 'is_error', type: BOOL, default: { value: false } },
  ],
};
const SHAPE: ModelType = {
  kind: 'model',
  name: 'ToolCallResults',
  fields: [{ name: 'tool_call_results', type: { kind: 'list', item: RESULT } }],
};

/** What came of several tool calls, in their order (DSPy: `ToolCallResults`). */
export class ToolCallResults extends CustomType {
  readonly results: readonly ToolCallResult[];

  constructor(results: readonly ToolCallResult[]) {
    super();
    this.results = Object.freeze([...results]);
    Object.freeze(this);
  }

  /** Pairs calls with what they gave. Throws `ToolArgumentError` when the numbers differ. */
  static of(calls: readonly ToolCall[], values: readonly unknown[], errors: readonly boolean[] = []): ToolCallResults {
    if (calls.length !== values.length || (errors.length > 0 && errors.length !== calls.length)) {
      throw new ToolArgumentError('ToolCallResults', `${calls.length} calls cannot have ${values.length} results`);
    }
    return new ToolCallResults(
      calls.map(({ id, name }, at) => ({ callId: id ?? null, name, value: values[at], isError: errors[at] ?? false })),
    );
  }

  /** From one result, a list of results or `{ tool_call_results: [...] }`. */
  static override parse(given: unknown): ToolCallResults {
    if (given instanceof ToolCallResults) return given;
    const isOne = given !== null && typeof given === 'object' && 'name' in given && 'value' in given;
    const wrapped = Array.isArray(given) || isOne ? { tool_call_results: [given].flat() } : given;
    const { tool_call_results: wire } = validate(wrapped, SHAPE) as { tool_call_results: readonly WireResult[] };
    if (!wire.every((result) => 'value' in result)) throw new ValueParseError('a result has no value', ['value']);
    return new ToolCallResults(
      wire.map((result) => ({
        callId: result.call_id,
        name: result.name,
        value: result.value,
        isError: result.is_error,
      })),
    );
  }

  override format() {
    const results = this.results.map(({ callId, name, value, isError }) => ({
      call_id: callId,
      name,
      value,
      is_error: isError,
    }));
    return { tool_call_results: results };
  }
}

interface WireResult {
  readonly call_id: string | null;
  readonly name: string;
  readonly value: unknown;
  readonly is_error: boolean;
}

/** The type of a field of results. */
export const TOOL_CALL_RESULTS: CustomTypeSpec = customSpec(ToolCallResults, () => SHAPE);
