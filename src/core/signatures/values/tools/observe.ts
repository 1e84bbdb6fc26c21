import { InvalidOptionError } from '../../../errors/option-errors';
import { checkOptions, wholeNumber } from '../../../util/check-options';
import { dumpValue } from '../../python/dump';
import { pythonJson } from '../../python/json-text';
import type { Tool } from './tool';
import { type ToolCallResult, ToolCallResults } from './tool-call-results';
import type { ToolCall, ToolCalls } from './tool-calls';

export interface ObserveOptions {
  /** Longest text of one result, in characters; of a longer one head and tail are kept. Default 10,000. */
  readonly maxCharacters?: number;
  /** Calls of one answer that are run; the rest are refused. Default 32. */
  readonly maxCalls?: number;
}

/** What every tool is, whatever its arguments. */
type RunnableTool = Pick<Tool, 'name' | 'attempt'>;

const MAX_CHARACTERS = 10_000;
const MAX_CALLS = 32;
/** Longest name of a tool that is repeated to the model. */
const SHOWN_NAME = 100;

/**
 * Runs the tool calls of an answer one after the other and gives what came of them, for the next turn. Whatever goes wrong with a
 * call is its result, in words for the model: an unknown tool, arguments that do not fit, an id that was used already, an error,
 * a time-out, a text that is too long. Rejects only when the call around it is aborted.
 */
export async function observe(
  calls: ToolCalls,
  tools: readonly RunnableTool[],
  options: ObserveOptions = {},
): Promise<ToolCallResults> {
  checkOptions('observe', options, ['maxCharacters', 'maxCalls']);
  const maxCharacters = wholeNumber('observe', 'maxCharacters', options.maxCharacters ?? MAX_CHARACTERS, 100);
  const maxCalls = wholeNumber('observe', 'maxCalls', options.maxCalls ?? MAX_CALLS, 1);
  const byName = new Map<string, RunnableTool>();
  for (const tool of tools) {
    if (byName.has(tool.name))
      throw new InvalidOptionError('observe', 'tools', tool.name, 'tools with different names');
    byName.set(tool.name, tool);
  }
  const seen = new Set<string>();
  const results: ToolCallResult[] = [];
  for (const call of calls.calls.slice(0, maxCalls)) {
    results.push(await resultOf(call, byName, seen, maxCharacters));
  }
  for (const call of calls.calls.slice(maxCalls, 2 * maxCalls)) {
    results.push(failed(call, `It was not run: an answer may call at most ${maxCalls} tools.`, maxCharacters));
  }
  return new ToolCallResults(results);
}

async function resultOf(
  call: ToolCall,
  tools: ReadonlyMap<string, RunnableTool>,
  seen: Set<string>,
  maxCharacters: number,
): Promise<ToolCallResult> {
  const { id, args } = call;
  if (id !== undefined && seen.has(id)) {
    return failed(call, 'It was not run: an earlier call of this answer has the same id.', maxCharacters);
  }
  if (id !== undefined) seen.add(id);
  const tool = tools.get(call.name);
  if (tool === undefined) {
    const known = [...tools.keys()].join(', ') || 'none';
    return failed(
      call,
      `There is no tool '${call.name.slice(0, SHOWN_NAME)}'. The tools are: ${known}.`,
      maxCharacters,
    );
  }
  const outcome = await tool.attempt(args);
  if ('error' in outcome) {
    const { error } = outcome;
    return failed(call, error instanceof Error ? error.message : String(error), maxCharacters);
  }
  return { callId: id ?? null, name: tool.name, value: bounded(outcome.value, maxCharacters), isError: false };
}

function failed({ id, name }: ToolCall, problem: string, maxCharacters: number): ToolCallResult {
  const value = `Error: ${shortened(problem, maxCharacters)}`;
  return { callId: id ?? null, name: name.slice(0, SHOWN_NAME), value, isError: true };
}

/** Small values as they are; of a large one its text, shortened. */
function bounded(value: unknown, maxCharacters: number): unknown {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : textOf(value);
  if (text.length > maxCharacters) return shortened(text, maxCharacters);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : text;
}

function textOf(value: unknown): string {
  try {
    return pythonJson(dumpValue(value, undefined));
  } catch {
    // Something that has no form in prompts, for example an object that holds itself.
    return String(value);
  }
}

function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  return `${text.slice(0, half)}… (${text.length - 2 * half} characters left out) …${text.slice(-half)}`;
}
