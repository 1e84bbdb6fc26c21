import { AdapterParseError } from '../../core/errors/adapter-errors';
import type { Adapter, FieldScanner } from '../../core/ports/adapter';
import type { Message } from '../../core/primitives/message';
import type { FieldValues } from '../../core/signatures/field-spec';
import { pythonLines, pythonStrip } from '../../core/signatures/python/whitespace';
import { formatFieldValue } from '../../core/signatures/python-text';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { checkOptions } from '../../core/util/check-options';
import { isGiven, NOT_SUPPLIED } from './demo-messages';
import { blocks, header, placeholder, typeHint } from './field-lines';
import { JSONAdapter } from './json-adapter';
import { LayoutAdapter } from './layout-adapter';
import { finishedMessage } from './marked-parts';
import { NATIVE_OPTIONS, type NativeOptions } from './native/native-call';
import { parseFields } from './parse-fields';
import { HeaderScanner } from './partial/header-scanner';

/** Options of `ChatAdapter`. */
export interface ChatAdapterOptions extends NativeOptions {
  /** Ask once more as JSON when an answer cannot be parsed; default true. */
  readonly useJSONAdapterFallback?: boolean;
}

const END = 'completed';
const HEADER = /^\[\[ ## ([\p{L}\p{N}_]+) ## \]\]/u;
/** More lines than any answer has; a longer text could not be read within 50 ms. */
const MAX_LINES = 200_000;
const SHORTEST_HEADER = '[[ ## x ## ]]'.length;

/** The default adapter: fields under `[[ ## name ## ]]` headers, for any chat model (DSPy: `ChatAdapter`). */
export class ChatAdapter extends LayoutAdapter {
  readonly name: string = 'ChatAdapter';
  private readonly jsonAdapter: Adapter | undefined;

  constructor(options: ChatAdapterOptions = {}) {
    const { useJSONAdapterFallback = true, ...native } = options;
    super(native);
    checkOptions(new.target.name, options, ['useJSONAdapterFallback', ...NATIVE_OPTIONS]);
    const { useNativeFunctionCalling = false } = native;
    this.jsonAdapter = useJSONAdapterFallback ? new JSONAdapter({ ...native, useNativeFunctionCalling }) : undefined;
  }

  override get fallback(): Adapter | undefined {
    return this.jsonAdapter;
  }

  protected override structure(spec: SignatureSpec): string {
    const parts = [
      'All interactions will be structured in the following way, with the appropriate values filled in.',
      blocks(spec.inputs, placeholder),
      blocks(spec.outputs, placeholder),
      header(END),
    ];
    return pythonStrip(parts.join('\n\n'));
  }

  override reminder(spec: SignatureSpec): string {
    const fields = spec.outputs.map((field) => `\`${header(field.name)}\`${typeHint(field)}`).join(', then ');
    return (
      `Respond with the corresponding output fields, starting with the field ${fields}, ` +
      `and then ending with the marker for \`${header(END)}\`.`
    );
  }

  override formatAnswer(spec: SignatureSpec, outputs: FieldValues): string {
    const text = blocks(spec.outputs, (field) =>
      isGiven(outputs, field.name) ? formatFieldValue(field, outputs[field.name]) : NOT_SUPPLIED,
    );
    return `${pythonStrip(text)}\n\n${header(END)}\n`;
  }

  /** The prompt of an example with its answer; an output that is missing is shown as null. */
  override formatFinetuneData(
    spec: SignatureSpec,
    demos: readonly FieldValues[],
    inputs: FieldValues,
    outputs: FieldValues,
  ): readonly Message[] {
    const nulls = Object.fromEntries(spec.outputs.map(({ name }) => [name, null]));
    const answer = this.formatAnswer(spec, { ...nulls, ...outputs });
    return [...this.format(spec, demos, inputs), finishedMessage({ role: 'assistant', content: answer })];
  }

  override scanner(spec: SignatureSpec): FieldScanner | undefined {
    return new HeaderScanner(spec);
  }

  override parse(spec: SignatureSpec, completion: string): FieldValues {
    const lines = pythonLines(completion, MAX_LINES + 1);
    if (lines.length > MAX_LINES) {
      const problem = `It has more than ${MAX_LINES} lines.`;
      throw new AdapterParseError({ adapter: this.name, signature: spec.signature, completion, problem });
    }
    const sections = readSections(lines);
    return parseFields({ adapter: this.name, spec, completion }, (name) => sections.get(name));
  }
}

/** The text under each header; of a repeated header the first counts, text before the first header is dropped. */
function readSections(answer: readonly string[]): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  let name: string | undefined;
  let lines: string[] = [];
  const close = () => {
    if (name !== undefined && !sections.has(name)) sections.set(name, pythonStrip(lines.join('\n')));
  };
  for (const line of answer) {
    const stripped = line.length < SHORTEST_HEADER || !line.includes('[[ ## ') ? '' : pythonStrip(line);
    const match = stripped === '' ? null : HEADER.exec(stripped);
    if (match === null) {
      if (name !== undefined) lines.push(line);
    } else {
      close();
      name = match[1];
      lines = [pythonStrip(stripped.slice(match[0].length))];
    }
  }
  close();
  return sections;
}
