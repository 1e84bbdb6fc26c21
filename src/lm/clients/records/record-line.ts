import type { LMError } from '../../../core/errors/lm-errors';
import type { LMRequest } from '../../../core/primitives/lm-request';
import type { LMResponse } from '../../../core/primitives/lm-response';
import { deepFreeze } from '../../../core/util/deep-freeze';
import { parseJson } from '../../../core/util/json';
import type { Redact } from '../redact';
import { isMembers } from '../wire/members';
import { recordedError, type WrittenError, writtenError } from './recorded-error';

/** The first line of a recording. */
export const HEADER = '{"format":"dspex recording","version":1}';

/** One call as it was recorded: its request, and what came of it. */
export interface RecordedCall {
  /** The request's key before anything was redacted. */
  readonly key: string;
  readonly request: LMRequest;
  readonly outcome: { readonly response: LMResponse } | { readonly error: LMError };
}

/** The line of a call, without its end. No secret that `redact` knows is in it. */
export function lineOf(call: RecordedCall, at: Date, redact: Redact): string {
  const { key, request, outcome } = call;
  const told = 'response' in outcome ? outcome : { error: writtenError(outcome.error) };
  const body = mapTexts({ request, ...told }, redact);
  return JSON.stringify({ key, at: at.toISOString(), ...(body as object) });
}

/** The call in a line, or `undefined` for a header. Throws an `Error` that says what is wrong. */
export function readLine(line: string): RecordedCall | undefined {
  const value = parseJson(line);
  if (!isMembers(value)) throw new Error('it is no object');
  if (value['format'] === 'dspex recording') {
    if (value['version'] === 1) return undefined;
    throw new Error(`its version is ${String(value['version'])}, and this dspex reads version 1`);
  }
  const { key, request, response, error } = value;
  if (typeof key !== 'string' || !/^[0-9a-f]{64}$/u.test(key)) throw new Error('it has no key');
  if (!isMembers(request) || !Array.isArray(request['messages'])) throw new Error('it has no request');
  const asked = request as unknown as LMRequest;
  if (isMembers(error)) return { key, request: asked, outcome: { error: recordedError(error as WrittenError) } };
  if (!isResponse(response)) throw new Error('it has neither a response nor an error');
  return { key, request: asked, outcome: { response: deepFreeze(response) } };
}

function isResponse(value: unknown): value is LMResponse {
  if (!isMembers(value) || !Array.isArray(value['completions']) || !isMembers(value['usage'])) return false;
  const { completions } = value;
  return completions.length > 0 && completions.every((one) => isMembers(one) && typeof one['text'] === 'string');
}

/** A copy with every text replaced, names of members included: a secret that JSON escapes would not be found afterwards. */
function mapTexts(value: unknown, replace: Redact): unknown {
  if (typeof value === 'string') return replace(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, replace));
  const copy: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(value)) copy[replace(name)] = mapTexts(member, replace);
  return copy;
}
