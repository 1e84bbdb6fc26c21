import { dumpValue } from '../../../src/core/signatures/python/dump';
import { pythonJson } from '../../../src/core/signatures/python/json-text';
import type { ModelField, TypeSpec } from '../../../src/core/signatures/type-spec';
import { CODE, Code, codeType } from '../../../src/core/signatures/values/code';
import { customSpec } from '../../../src/core/signatures/values/custom-spec';
import { CustomType, type Formatted } from '../../../src/core/signatures/values/custom-type';
import { HISTORY, History } from '../../../src/core/signatures/values/history';
import { AUDIO, Audio } from '../../../src/core/signatures/values/media/audio';
import { CITATIONS, Citations } from '../../../src/core/signatures/values/media/citations';
import { DOCUMENT, Document } from '../../../src/core/signatures/values/media/document';
import { FILE, File } from '../../../src/core/signatures/values/media/file';
import { IMAGE, Image } from '../../../src/core/signatures/values/media/image';
import { REASONING, Reasoning } from '../../../src/core/signatures/values/reasoning';
import { TOOL, Tool } from '../../../src/core/signatures/values/tools/tool';
import { TOOL_CALL_RESULTS, ToolCallResults } from '../../../src/core/signatures/values/tools/tool-call-results';
import { TOOL_CALLS, ToolCalls } from '../../../src/core/signatures/values/tools/tool-calls';
import type { TypeDescription } from '../decode-type';

const TYPES: Readonly<Record<string, TypeSpec>> = {
  image: IMAGE,
  audio: AUDIO,
  file: FILE,
  document: DOCUMENT,
  citations: CITATIONS,
  history: HISTORY,
  tool: TOOL,
  tool_calls: TOOL_CALLS,
  tool_call_results: TOOL_CALL_RESULTS,
  reasoning: REASONING,
};

/** One of DSPy's own types; `undefined` for other kinds. */
export function decodeOwnType({ kind, ...description }: TypeDescription): TypeSpec | undefined {
  if (kind !== 'code') return TYPES[kind];
  const { language } = description as { language?: string | readonly string[] };
  // A string signature in the reference makes the language a tuple.
  const [name] = Array.isArray(language) ? language : [language];
  return typeof name === 'string' ? codeType(name) : CODE;
}

/** A user's own type as a vector describes it: fields, and a template for its text or its parts. */
export function decodeUserType(description: TypeDescription, fields: readonly ModelField[]): TypeSpec {
  const { name, format_text: text, format_blocks: blocks } = description;
  const UserType = class extends CustomType {
    static override description(): string {
      return description['description'] ?? '';
    }

    format(): Formatted {
      const filled = (template: string) =>
        template.replace(/\{(?:self\.)?(\w+)\}/g, (_, field: string) =>
          shown((this as unknown as Record<string, unknown>)[field]),
        );
      return text === undefined ? mapTexts(blocks, filled) : filled(text);
    }
  };
  Object.defineProperty(UserType, 'name', { value: name });
  const construct = UserType as unknown as new () => object;
  return customSpec(UserType, () => ({ kind: 'model', name, fields, construct }));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : pythonJson(dumpValue(value, undefined));
}

// biome-ignore lint/suspicious/noExplicitAny: a template of any shape
function mapTexts(value: any, map: (text: string) => string): any {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapTexts(member, map)]));
}

/** A tagged value of one of DSPy's own types, its content decoded already; `undefined` for other tags. */
// biome-ignore lint/suspicious/noExplicitAny: recorded values
export function decodeOwnValue(tag: string, content: any, results?: any): unknown {
  switch (tag) {
    case '$image':
      return new Image(content);
    case '$audio':
      return new Audio({ data: content.data, audioFormat: content.audio_format });
    case '$file':
      return new File({ fileData: content.file_data, fileId: content.file_id, filename: content.filename });
    case '$document': {
      const { data, title, media_type: mediaType, context } = content;
      return new Document(data, { title: title ?? undefined, mediaType, context: context ?? undefined });
    }
    case '$citations':
      return Citations.parse(content);
    case '$code':
      return new Code(content);
    case '$reasoning':
      return new Reasoning(content);
    case '$history':
      return new History(content);
    case '$tool':
      return new Tool({ ...content, run: () => undefined });
    case '$tool_calls':
      return new ToolCalls(
        content.map(({ id, ...call }: { id: string | null }) => (id === null ? call : { id, ...call })),
        results,
      );
    case '$tool_call_results':
      return ToolCallResults.parse(content);
    default:
      return undefined;
  }
}
