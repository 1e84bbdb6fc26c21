import type { LMOptions, LMRequest } from '../../../core/primitives/lm-request';
import { refuseOptions, written } from '../wire/refuse';
import type { WireFormat } from '../wire/wire-format';
import { type ChatQuirks, chatFormat } from './chat-format';

/** What differs between servers that speak chat completions, as data: rows of the provider table are made of it. */
export interface ServerQuirks extends ChatQuirks {
  /** Options that the server answers with 400, or reads over without a word: they are refused before sending. */
  readonly unsupported?: readonly (keyof LMOptions)[] | undefined;
  /** The member for the seed; default `seed`. */
  readonly seedField?: string | undefined;
  /** The header that carries the key; default `authorization` with the word `Bearer`. */
  readonly keyHeader?: string | undefined;
}

/** Chat completions as one server wants them. `who` is named in errors. */
export function serverFormat(who: string, quirks: ServerQuirks = {}): WireFormat {
  const { unsupported = [], seedField, keyHeader, ...chat } = quirks;
  const format = chatFormat(chat);
  return {
    ...format,
    headers: (key): Record<string, string> =>
      keyHeader === undefined ? { ...format.headers(key) } : key === undefined ? {} : { [keyHeader]: key },
    body: (request, streaming) =>
      written(request, () => {
        refuseOptions(request, who, unsupported);
        return format.body(seedField === undefined ? request : withSeedAs(seedField, request), streaming);
      }),
  };
}

function withSeedAs(field: string, request: LMRequest): LMRequest {
  const { seed, ...options } = request.options;
  if (seed === undefined) return request;
  return { ...request, options: { ...options, extra: { [field]: seed, ...options.extra } } };
}
