import { AdapterParseError } from '../../core/errors/adapter-errors';
import type { Adapter, FieldScanner } from '../../core/ports/adapter';
import type { Message } from '../../core/primitives/message';
import type { FieldValues } from '../../core/signatures/field-spec';
import { hasMoreLines, pythonStrip, unifiedLines } from '../../core/signatures/python/whitespace';
import { formatFieldValue } from '../../core/signatures/python-text';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { checkOptions } from '../../core/util/check-options';
import { isGiven, NOT_SUPPLIED } from './demo-messages';
import { blocks, header, placeholder, typeHint } from './field-lines';
import { maskHeaders, unmaskedLine } from './field-markers';
import { JSONAdapter } from './json-adapter';
import { LayoutAdapter } from './layout-adapter';
import { finishedMessage } from './marked-parts';
import { NATIVE_OPTIONS, type NativeOptions } from './native/native-call';
import { parseError, parseFields } from './parse-fields';
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
/** Every header ends with it. */
const HEADER_END = ' ## ]]';

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
      isGiven(outputs, field.name) ? maskHeaders(formatFieldValue(field, outputs[field.name])) : NOT_SUPPLIED,
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
    if (hasMoreLines(completion, MAX_LINES)) {
      const problem = `It has more than ${MAX_LINES} lines.`;
      throw new AdapterParseError({ adapter: this.name, signature: spec.signature, completion, problem });
    }
    const context = { adapter: this.name, spec, completion };
    const { sections, contradicted } = readSections(unifiedLines(completion));
    const unclear = spec.outputs.find(({ name }) => contradicted.has(name))?.name;
    if (unclear !== undefined) {
      const problem = `the field ${unclear} comes more than once, with different texts; write each field once`;
      throw parseError(context, problem, { field: unclear });
    }
    return parseFields(context, (name) => sections.get(name));
  }
}

/**
 * The text under each header, and the headers that come again with another text: one of the two may be quoted from a prompt,
 * and nothing says which. Text before the first header is dropped. Only lines with the end of a header are looked at; what is
 * between them is taken whole.
 */
function readSections(answer: string) {
  const sections = new Map<string, string>();
  const contradicted = new Set<string>();
  let name: string | undefined;
  let text = '';
  /** Where what belongs to the section and is not in `text` yet begins. */
  let from = 0;
  const close = (end: number) => {
    if (name === undefined) return;
    const whole = pythonStrip(text + answer.slice(from, end));
    if ((sections.get(name) ?? whole) !== whole) contradicted.add(name);
    else sections.set(name, whole);
  };
  for (let mark = answer.indexOf(HEADER_END); mark !== -1; mark = answer.indexOf(HEADER_END, from)) {
    const start = answer.lastIndexOf('\n', mark) + 1;
    const next = answer.indexOf('\n', mark);
    const end = next === -1 ? answer.length : next;
    const line = answer.slice(start, end);
    const stripped = pythonStrip(line);
    const match = HEADER.exec(stripped);
    if (match === null) {
      text += answer.slice(from, start) + unmaskedLine(line, stripped);
    } else {
      close(start);
      name = match[1];
      text = stripped.slice(match[0].length);
    }
    from = end;
  }
  close(answer.length);
  return { sections, contradicted };
}
