import { MediaError } from '../../../src/core/errors/value-errors';
import type { CustomType } from '../../../src/core/signatures/values/custom-type';
import { Audio } from '../../../src/core/signatures/values/media/audio';
import { Document } from '../../../src/core/signatures/values/media/document';
import { File } from '../../../src/core/signatures/values/media/file';
import { Image } from '../../../src/core/signatures/values/media/image';
import { Tool } from '../../../src/core/signatures/values/tools/tool';
import { argumentsOf } from '../../../src/core/signatures/values/tools/tool-schema';
import { defaultOf, NamedTypes, type TypeDescription } from '../decode-type';
import { decodeValue } from '../decode-value';
import { NotApplicable } from '../not-applicable';
import { sameValue } from '../same-value';
import type { Outcome, Vector } from '../suite';

type Given = Readonly<Record<string, unknown>>;

/** Media made from what the reference makes them of. */
export function replayMedia({ input, expect }: Vector): Outcome {
  const types = new NamedTypes();
  const [source, ...more] = decodeValue(input.positional, types) as unknown[];
  const named = decodeValue(input.named, types) as Given;
  let made: CustomType;
  try {
    if (more.length > 0) throw new MediaError('one source only');
    made = make(input.type, source, named);
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return expect.error === undefined
      ? { kind: 'different', expected: expect.value, actual: error.message }
      : { kind: 'equal' };
  }
  if (expect.error !== undefined) return { kind: 'different', expected: expect.error, actual: made };
  const expected = { blocks: expect.blocks, value: decodeValue(expect.value, types) };
  const actual = { blocks: made.format(), value: made };
  return sameValue(expected, actual) ? { kind: 'equal' } : { kind: 'different', expected, actual };
}

/** Python's arguments as ours: a source, or facts by name, and what is given twice is refused by the types of TypeScript. */
function make(type: string, source: unknown, named: Given): CustomType {
  switch (type) {
    case 'Image':
      refuseBoth(source, named['url']);
      if (source instanceof Uint8Array) return Image.fromBytes(source);
      return new Image((source ?? named['url']) as string);
    case 'Audio': {
      const format = named['audio_format'] as string | undefined;
      if (source instanceof Uint8Array) return Audio.fromBytes(source, format);
      if (source !== undefined) refuseBoth(source, format);
      const { data, audio_format: audioFormat } = (isPlain(source) ? source : named) as {
        data: string;
        audio_format: string;
      };
      return source === undefined || isPlain(source) ? new Audio({ data, audioFormat }) : new Audio(source as string);
    }
    case 'File': {
      const { file_data: fileData, file_id: fileId, filename, ...others } = named as Record<string, string>;
      if (Object.keys(others).length > 0) throw new MediaError('an unknown name');
      const known = source === undefined ? {} : fileParts(source);
      if (known.fileData !== undefined) refuseBoth(known.fileData, fileData);
      return new File({ fileData, fileId, filename, ...known });
    }
    case 'Document': {
      if (source !== undefined) throw new MediaError('the reference takes names only');
      const { data, title, media_type: mediaType, context } = named as Record<string, never>;
      return new Document(data as never, { title, mediaType, context });
    }
    default:
      throw new NotApplicable(`media of the type ${type}`);
  }
}

function fileParts(source: unknown): { fileData?: string; fileId?: string; filename?: string } {
  if (isPlain(source)) {
    const { file_data: fileData, file_id: fileId, filename } = source as Record<string, string>;
    return {
      ...(fileData === undefined ? {} : { fileData }),
      ...(fileId === undefined ? {} : { fileId }),
      ...(filename === undefined ? {} : { filename }),
    };
  }
  const file =
    source instanceof Uint8Array
      ? File.fromBytes(source)
      : source instanceof File
        ? source
        : new File(source as string);
  return Object.fromEntries(Object.entries(file).filter(([, part]) => part !== undefined));
}

function isPlain(value: unknown): value is Given {
  return value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
}

function refuseBoth(left: unknown, right: unknown): void {
  if (left !== undefined && right !== undefined) throw new MediaError('given twice');
}

/** A tool as prompts and providers are told of it. */
export function replayTool({ input, expect }: Vector): Outcome {
  const types = new NamedTypes();
  const { name, desc, params } = input.tool;
  const fields = params.map((param: { name: string; type: TypeDescription; default?: unknown }) => ({
    name: param.name,
    type: types.decode(param.type),
    ...defaultOf(param, types),
  }));
  const tool = new Tool({ name, desc, args: argumentsOf(fields), run: () => undefined });
  const expected = { args: expect.args, text: expect.text, function: expect.function, repr: expect.repr };
  const actual = {
    args: tool.args,
    text: tool.format(),
    function: { type: 'function', function: tool.definition() },
    repr: String(tool),
  };
  return sameValue(expected, actual) ? { kind: 'equal' } : { kind: 'different', expected, actual };
}
