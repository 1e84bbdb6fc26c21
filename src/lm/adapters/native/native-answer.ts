import { AdapterParseError } from '../../../core/errors/adapter-errors';
import { ValueParseError } from '../../../core/errors/value-errors';
import type { LMCompletion, LMToolCall } from '../../../core/primitives/lm-response';
import type { FieldSpec, FieldValues } from '../../../core/signatures/field-spec';
import type { SignatureSpec } from '../../../core/signatures/signature-spec';
import { Citations } from '../../../core/signatures/values/media/citations';
import { Reasoning } from '../../../core/signatures/values/reasoning';
import { readArguments, ToolCalls } from '../../../core/signatures/values/tools/tool-calls';
import { defineField } from '../../../core/util/define-fields';
import { parseJson } from '../../../core/util/json';
import { nativeOf, toolCallsOutput } from './native-fields';

/** One answer to be read. */
export interface NativeAnswer {
  /** The signature as it was declared. */
  readonly spec: SignatureSpec;
  /** What was left of it for the text. */
  readonly asked: SignatureSpec;
  readonly completion: LMCompletion;
  /** The name of the adapter, for errors. */
  readonly adapter: string;
  /** Reads the text. */
  readonly parse: (spec: SignatureSpec, text: string) => FieldValues;
}

/**
 * The outputs of an answer: from its text, and from what the provider gave beside it. An output that nothing gave is its
 * default, else `null`. Throws `AdapterParseError` for an answer with neither text nor tool calls.
 */
export function nativeAnswer(answer: NativeAnswer): FieldValues {
  const { spec, asked, completion } = answer;
  const output = toolCallsOutput(spec);
  const calls = output === undefined ? undefined : completion.toolCalls;
  const called = calls !== undefined && calls.length > 0;
  const text = called ? textBesideCalls(answer) : textAlone(answer);
  const values: Record<string, unknown> = {};
  for (const field of spec.outputs) {
    const { name } = field;
    if (called && name === output?.name) {
      defineField(values, name, toolCalls(answer, calls));
      continue;
    }
    const given = asked === spec || asked.field(name) !== undefined ? undefined : nativeValue(field, completion);
    defineField(values, name, given ?? (Object.hasOwn(text, name) ? text[name] : absent(field)));
  }
  return values;
}

function textAlone({ asked, completion, adapter, parse }: NativeAnswer): FieldValues {
  if (completion.text !== '') return parse(asked, completion.text);
  throw new AdapterParseError({
    adapter,
    signature: asked.signature,
    completion: completion.text,
    problem: 'the answer is empty',
  });
}

/** A model that calls tools need not say anything else. */
function textBesideCalls({ asked, completion, parse }: NativeAnswer): FieldValues {
  if (completion.text === '' || asked.outputs.length === 0) return {};
  try {
    return parse(asked, completion.text);
  } catch (error) {
    if (error instanceof AdapterParseError) return {};
    throw error;
  }
}

function toolCalls({ asked, completion, adapter }: NativeAnswer, calls: readonly LMToolCall[]): ToolCalls {
  try {
    if (completion.finishReason === 'length') checkWhole(calls);
    return new ToolCalls(
      calls.map(({ id, name, arguments: text }) => ({
        ...(id === undefined ? {} : { id }),
        name,
        args: text.trim() === '' ? {} : readArguments(text),
      })),
    );
  } catch (error) {
    if (!(error instanceof ValueParseError)) throw error;
    throw new AdapterParseError({
      adapter,
      signature: asked.signature,
      completion: completion.text || JSON.stringify(calls),
      problem: `the arguments of a tool call are no JSON object: ${error.message}`,
      cause: error,
    });
  }
}

/** The reading of arguments forgives much; what was cut off must not be run as if it were all. */
function checkWhole(calls: readonly LMToolCall[]): void {
  for (const { name, arguments: text } of calls) {
    try {
      if (text.trim() !== '') parseJson(text);
    } catch (error) {
      throw new ValueParseError(`those of '${name.slice(0, 100)}' are cut off`, [], { cause: error });
    }
  }
}

function nativeValue({ type }: FieldSpec, { reasoning, citations }: LMCompletion): unknown {
  switch (nativeOf(type)) {
    case 'reasoning':
      return reasoning === undefined ? undefined : new Reasoning(reasoning);
    case 'citations':
      return citations === undefined ? undefined : Citations.parse(citations.filter(isInText));
    default:
      return undefined;
  }
}

/** Providers also cite pages of a PDF and addresses; a `Citation` is a place in a text. */
function isInText(citation: Readonly<Record<string, unknown>>): boolean {
  return typeof citation['start_char_index'] === 'number' && typeof citation['end_char_index'] === 'number';
}

function absent(field: FieldSpec): unknown {
  const value = field.default?.value;
  if (field.default === undefined) return null;
  return value !== null && typeof value === 'object' ? structuredClone(value) : value;
}
