import { AdapterParseError } from '../../../core/errors/adapter-errors';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import { Adapter, type AskFollowUp } from '../../../core/ports/adapter';
import { LM } from '../../../core/ports/lm';
import type { Message } from '../../../core/primitives/message';
import { type FieldSpec, type FieldValues, fieldSpec } from '../../../core/signatures/field-spec';
import { pythonStr } from '../../../core/signatures/python/typed-repr';
import { pythonStrip } from '../../../core/signatures/python/whitespace';
import { SignatureSpec } from '../../../core/signatures/signature-spec';
import { STR } from '../../../core/signatures/type-spec';
import { checkOptions } from '../../../core/util/check-options';
import { ChatAdapter } from '../chat-adapter';
import { INCOMPLETE_DEMO, isGiven, placedDemos } from '../demo-messages';
import { fieldList } from '../field-lines';
import { PrefixCache } from '../prefix-cache';

/** Options of `TwoStepAdapter`. */
export interface TwoStepAdapterOptions {
  /** Reads the fields out of what the first model wrote; a small model will do. */
  readonly extractionLM: LM;
}

/**
 * Lets a model answer in its own words, and a second one extract the fields: for reasoning models, which think worse when they
 * must keep to a layout (DSPy: `TwoStepAdapter`). Two requests for one prediction, three when the extraction falls back to JSON.
 */
export class TwoStepAdapter extends Adapter {
  readonly name: string = 'TwoStepAdapter';
  private readonly extractionLM: LM;
  private readonly extractor = new ChatAdapter();
  private readonly prefixes = new PrefixCache((spec, demos) => [
    { role: 'system', content: systemText(spec) },
    ...demoMessages(spec, demos),
  ]);
  private readonly extractions = new WeakMap<SignatureSpec, SignatureSpec>();

  /** Throws `InvalidOptionError` when `extractionLM` is no LM. */
  constructor(options: TwoStepAdapterOptions) {
    super();
    checkOptions(new.target.name, options ?? {}, ['extractionLM']);
    const lm: unknown = options?.extractionLM;
    if (!(lm instanceof LM)) throw new InvalidOptionError(new.target.name, 'extractionLM', lm, 'an LM');
    this.extractionLM = lm;
  }

  override format(spec: SignatureSpec, demos: readonly FieldValues[], inputs: FieldValues): readonly Message[] {
    return [...this.prefixes.get(spec, demos), { role: 'user', content: lines(spec.inputs, inputs) }];
  }

  override async parse(spec: SignatureSpec, completion: string, ask: AskFollowUp): Promise<FieldValues> {
    try {
      return await ask({
        spec: this.extraction(spec),
        inputs: { text: completion },
        lm: this.extractionLM,
        adapter: this.extractor,
      });
    } catch (error) {
      if (!(error instanceof AdapterParseError)) throw error;
      const { problem, parsed, field } = error.details;
      throw new AdapterParseError({
        adapter: this.name,
        signature: spec.signature,
        completion,
        problem: `its fields could not be extracted: ${problem}`,
        cause: error,
        ...(parsed === undefined ? {} : { parsed }),
        ...(field === undefined ? {} : { field }),
      });
    }
  }

  private extraction(spec: SignatureSpec): SignatureSpec {
    const known = this.extractions.get(spec);
    if (known !== undefined) return known;
    const extraction = extractionSpec(spec);
    this.extractions.set(spec, extraction);
    return extraction;
  }
}

/** From a text to the outputs; an output called `text` takes the place of the input. */
function extractionSpec({ outputs }: SignatureSpec): SignatureSpec {
  const text = fieldSpec({ name: 'text', role: 'input', type: STR });
  const names = outputs.map(({ name }) => `\`${name}\``).join(', ');
  return new SignatureSpec({
    fields: outputs.some(({ name }) => name === 'text') ? outputs : [text, ...outputs],
    // The run of blanks is the reference's.
    instructions:
      `The input is a text that should contain all the necessary information to produce the fields ${names}.${' '.repeat(13)}` +
      'Your job is to extract the fields from the text verbatim. Extract precisely the appropriate value (content) for each field.',
  });
}

function systemText(spec: SignatureSpec): string {
  const parts = [
    'You are a helpful assistant that can solve tasks based on user input.',
    `As input, you will be provided with:\n${fieldList(spec.inputs)}`,
    `Your outputs must contain:\n${fieldList(spec.outputs)}`,
    'You should lay out your outputs in detail so that your answer can be understood by another agent',
    ...(spec.instructions === '' ? [] : [`Specific instructions: ${spec.instructions}`]),
  ];
  return parts.join('\n');
}

function demoMessages(spec: SignatureSpec, demos: readonly FieldValues[]): Message[] {
  return placedDemos(spec, demos).flatMap(({ values, complete }): Message[] => {
    const question = [...(complete ? [] : [INCOMPLETE_DEMO]), lines(spec.inputs, values)].join('\n\n');
    return [
      { role: 'user', content: pythonStrip(question) },
      { role: 'assistant', content: lines(spec.outputs, values) },
    ];
  });
}

/** The fields that are given, as `name: value`. */
function lines(fields: readonly FieldSpec[], values: FieldValues): string {
  const given = fields.filter((field) => isGiven(values, field.name));
  return pythonStrip(given.map(({ name, type }) => `${name}: ${pythonStr(values[name], type)}`).join('\n\n'));
}
