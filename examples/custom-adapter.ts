// A layout of your own: questions and answers as Markdown with a heading for each field. docs/custom-adapter.md explains it.
// Run: npx ts-node examples/custom-adapter.ts
import { context, type FieldSpec, type FieldValues, type Message, Predict, type SignatureSpec } from 'dspex';
import { Adapter, displayName, formatFieldValue, parseFields } from 'dspex/adapters';
import { adapterLaws, DummyLM } from 'dspex/testing';

class MarkdownAdapter extends Adapter {
  readonly name = 'MarkdownAdapter';

  format(spec: SignatureSpec, demos: readonly FieldValues[], inputs: FieldValues): readonly Message[] {
    const system = [
      spec.instructions,
      `You are given:\n${described(spec.inputs)}`,
      `Answer in Markdown, one heading for each of:\n${described(spec.outputs)}`,
    ];
    return [
      { role: 'system', content: system.join('\n\n') },
      ...demos.flatMap((demo): Message[] => [
        { role: 'user', content: sections(spec.inputs, demo) },
        { role: 'assistant', content: sections(spec.outputs, demo) },
      ]),
      { role: 'user', content: sections(spec.inputs, inputs) },
    ];
  }

  parse(spec: SignatureSpec, completion: string): FieldValues {
    const found = new Map<string, string>();
    for (const section of completion.split(/^# /m).slice(1)) {
      const [heading = '', ...lines] = section.split('\n');
      found.set(heading.trim(), lines.join('\n').trim());
    }
    return parseFields({ adapter: this.name, spec, completion }, (name) => found.get(name));
  }
}

function described(fields: readonly FieldSpec[]): string {
  return fields.map(({ name, type, desc }) => `- ${name} (${displayName(type)}) ${desc ?? ''}`.trim()).join('\n');
}

/** The fields that have a value, each under its heading. */
function sections(fields: readonly FieldSpec[], values: FieldValues): string {
  const given = fields.filter(({ name }) => values[name] !== undefined);
  return given.map((field) => `# ${field.name}\n${formatFieldValue(field, values[field.name])}`).join('\n\n');
}

async function main(): Promise<void> {
  const lm = new DummyLM(['# year\nIt was in 1889.', '# year\n1889\n\n# builders\n["Eiffel", "Koechlin"]']);
  const predict = new Predict('question -> year: int, builders: list[str]');
  const adapter = new MarkdownAdapter();

  // The first answer cannot be read; the second is asked for with what was wrong with it.
  const { year, builders } = await context({ lm, adapter }, () => predict.call({ question: 'Who built the tower?' }));
  console.log(`${year + 1} ${builders.join(' and ')}, after ${lm.requests.length} requests`);

  for (const law of adapterLaws) await law.check(() => new MarkdownAdapter());
  console.log(`${adapter.name} keeps the ${adapterLaws.length} laws of adapters`);
}

void main();
