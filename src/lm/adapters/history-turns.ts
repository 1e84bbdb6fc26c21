import { UnprintableValueError, ValueParseError } from '../../core/errors/value-errors';
import type { Message } from '../../core/primitives/message';
import { type FieldValues, fieldSpec } from '../../core/signatures/field-spec';
import { dumpValue } from '../../core/signatures/python/dump';
import { pythonJson } from '../../core/signatures/python/json-text';
import { dumpedText } from '../../core/signatures/python-text';
import { SignatureSpec } from '../../core/signatures/signature-spec';
import { History } from '../../core/signatures/values/history';
import { TOOL_CALL_RESULTS, type ToolCallResults } from '../../core/signatures/values/tools/tool-call-results';
import { ToolCalls } from '../../core/signatures/values/tools/tool-calls';
import { isGiven } from './demo-messages';
import { nativeOf, without } from './native/native-fields';

/** How an adapter writes the two sides of a turn. */
export interface TurnLayout {
  question(spec: SignatureSpec, inputs: FieldValues): string;
  /** Inputs alone, without the reminder. */
  inputs(spec: SignatureSpec, inputs: FieldValues): string;
  answer(spec: SignatureSpec, outputs: FieldValues): string;
  /** Tool calls are turns of their own kind, not text. */
  readonly native: boolean;
}

const RESULTS = new SignatureSpec({
  fields: [fieldSpec({ name: 'tool_call_results', role: 'input', type: TOOL_CALL_RESULTS })],
});

/** The turns of a conversation as messages. `spec` is the signature without its history. */
export function historyTurns(spec: SignatureSpec, history: unknown, layout: TurnLayout): Message[] {
  return conversation(history).messages.flatMap((turn) => {
    const asked = spec.inputs.some(({ name }) => isGiven(turn, name));
    const content = asked ? layout.question(spec, turn) : '';
    const question: Message[] = content === '' ? [] : [{ role: 'user', content }];
    const calls = toolCallsOf(turn);
    if (calls === undefined) return [...question, answerTurn(spec, turn, layout)];
    return [
      ...question,
      ...(layout.native ? nativeTurns(spec, turn, calls, layout) : textTurns(spec, turn, calls, layout)),
    ];
  });
}

function conversation(given: unknown): History {
  try {
    return History.parse(given);
  } catch (error) {
    if (error instanceof ValueParseError) throw new UnprintableValueError(`it is no History: ${error.message}`);
    throw error;
  }
}

function answerTurn(spec: SignatureSpec, outputs: FieldValues, layout: TurnLayout): Message {
  // What a turn lacks is shown as null, not as "not supplied".
  const nulls = Object.fromEntries(spec.outputs.map(({ name }) => [name, null]));
  const given = Object.entries(outputs).filter(([, value]) => value !== undefined);
  return { role: 'assistant', content: layout.answer(spec, { ...nulls, ...Object.fromEntries(given) }) };
}

interface TurnCalls {
  readonly key: string;
  readonly calls: ToolCalls;
}

/** The first tool calls of a turn, whatever the field is called; saved ones are plain objects. */
function toolCallsOf(turn: FieldValues): TurnCalls | undefined {
  for (const [key, value] of Object.entries(turn)) {
    if (value instanceof ToolCalls) return { key, calls: value };
    if (value === null || typeof value !== 'object' || !('tool_calls' in value)) continue;
    try {
      return { key, calls: ToolCalls.parse(value) };
    } catch (error) {
      if (!(error instanceof ValueParseError)) throw error;
    }
  }
  return undefined;
}

/** The calls as JSON in the answer, their results in a message of the user. */
function textTurns(spec: SignatureSpec, turn: FieldValues, { key, calls }: TurnCalls, layout: TurnLayout): Message[] {
  const { results } = calls;
  if (results === undefined) return [answerTurn(spec, turn, layout)];
  return [
    answerTurn(spec, { ...turn, [key]: new ToolCalls(calls.calls) }, layout),
    { role: 'user', content: layout.inputs(RESULTS, { tool_call_results: results }) },
  ];
}

/** The calls and results in the provider's own form; calls that their results do not answer one by one are left out. */
function nativeTurns(spec: SignatureSpec, turn: FieldValues, { key, calls }: TurnCalls, layout: TurnLayout): Message[] {
  const left = spec.outputs.reduce(
    (rest, { name, type }) => (name === key || nativeOf(type) === 'tool-calls' ? without(rest, name) : rest),
    spec,
  );
  const said = left.outputs.some(({ name }) => isGiven(turn, name));
  const content = said ? answerTurn(left, turn, layout).content : null;
  const answered = answeredCalls(calls);
  if (answered === undefined) return content === null ? [] : [{ role: 'assistant', content }];
  const toolCalls = calls.calls.map(({ id = '', name, args }) => ({
    id,
    name,
    arguments: pythonJson(dumpValue(args, undefined)),
  }));
  const results = answered.results.map(
    ({ callId, name, value }): Message => ({
      role: 'tool',
      toolCallId: callId ?? '',
      name,
      content: dumpedText(dumpValue(value, undefined)),
    }),
  );
  return [{ role: 'assistant', content, toolCalls }, ...results];
}

function answeredCalls({ calls, results }: ToolCalls): ToolCallResults | undefined {
  const matches =
    results !== undefined &&
    results.results.length === calls.length &&
    calls.every(({ id }, at) => id !== undefined && results.results[at]?.callId === id);
  return matches ? results : undefined;
}
