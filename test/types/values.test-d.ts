/** What `call` takes and gives for the types with a form of their own, and for a user's own. */

import {
  Audio,
  Citations,
  Code,
  CustomType,
  Document,
  type Downloader,
  File,
  History,
  Image,
  Predict,
  Reasoning,
  Tool,
  type ToolArguments,
  type ToolCall,
  ToolCallResults,
  ToolCalls,
} from 'dspex';
import { Input, Output, Signature } from 'dspex/decorators';
import { type InputsOf, type OutputsOf, signature } from 'dspex/program';
import { expectTypeOf } from 'vitest';

class Everything extends Signature {
  @Input({ type: Image }) readonly photo!: Image;
  @Input({ items: Image }) readonly photos!: Image[];
  @Input({ type: Audio, optional: true }) readonly sound?: Audio;
  @Input({ type: File, nullable: true }) readonly file!: File | null;
  @Input({ values: Document }) readonly documents!: Record<string, Document>;
  @Input({ type: History }) readonly history!: History;
  @Input({ items: Tool }) readonly tools!: Tool[];
  @Input({ type: ToolCallResults }) readonly results!: ToolCallResults;
  @Output({ type: Code }) program!: Code;
  @Output({ type: Code('java') }) java!: Code;
  @Output({ type: Reasoning }) reasoning!: Reasoning;
  @Output({ type: ToolCalls }) calls!: ToolCalls;
  @Output({ type: Citations }) citations!: Citations;
}

const everything = new Predict(Everything);
expectTypeOf(everything.call).parameter(0).toEqualTypeOf<{
  photo: Image;
  photos: Image[];
  sound?: Audio;
  file: File | null;
  documents: Record<string, Document>;
  history: History;
  tools: Tool[];
  results: ToolCallResults;
}>();
type Answer = Awaited<ReturnType<typeof everything.call>>;
expectTypeOf<Answer['program']>().toEqualTypeOf<Code>();
expectTypeOf<Answer['java']['code']>().toEqualTypeOf<string>();
expectTypeOf<Answer['reasoning']>().toEqualTypeOf<Reasoning>();
expectTypeOf<Answer['calls']['calls']>().toEqualTypeOf<readonly ToolCall[]>();
expectTypeOf<Answer['citations']['citations'][number]['documentTitle']>().toEqualTypeOf<string | undefined>();

// without a decorator's word, the emitted class says the type
class Plain extends Signature {
  @Input() readonly photo!: Image;
  @Output() program!: Code;
}
expectTypeOf<InputsOf<typeof Plain>>().toEqualTypeOf<{ photo: Image }>();
expectTypeOf<OutputsOf<typeof Plain>>().toEqualTypeOf<{ program: Code }>();

class Mistakes extends Signature {
  // @ts-expect-error the declared type is a text
  @Input({ type: Image }) readonly photo!: string;
  // @ts-expect-error one image is no list
  @Input({ type: Image }) readonly photos!: Image[];
  // @ts-expect-error a sound is no image
  @Output({ type: Image }) image!: Audio;
}
void Mistakes;

// @ts-expect-error a URL is no image: say new Image(url)
new Predict(Plain).call({ photo: 'https://example.com/a.png' });

// a string signature
const looked = signature(
  'photo: dspy.Image, past: dspy.History, tools: list[dspy.Tool] -> code: dspy.Code, calls: dspy.ToolCalls',
);
expectTypeOf<InputsOf<typeof looked>>().toEqualTypeOf<{ photo: Image; past: History; tools: Tool[] }>();
expectTypeOf<OutputsOf<typeof looked>>().toEqualTypeOf<{ code: Code; calls: ToolCalls }>();

// a user's own type
class Clip extends CustomType {
  @Input() readonly src!: string;
  format() {
    return [{ type: 'video_url', video_url: { url: this.src } }];
  }
}
class Watch extends Signature {
  @Input({ type: Clip }) readonly clip!: Clip;
  @Output({ items: Clip }) best!: Clip[];
}
expectTypeOf<InputsOf<typeof Watch>>().toEqualTypeOf<{ clip: Clip }>();
expectTypeOf<OutputsOf<typeof Watch>>().toEqualTypeOf<{ best: Clip[] }>();
const named = signature('clip: Clip -> best: Optional[Clip]', { types: { Clip } });
expectTypeOf<InputsOf<typeof named>>().toEqualTypeOf<{ clip: Clip }>();
expectTypeOf<OutputsOf<typeof named>>().toEqualTypeOf<{ best: Clip | null }>();
// @ts-expect-error a custom type says its form
class Formless extends CustomType {}
void Formless;
class Wrong extends CustomType {
  // @ts-expect-error a number is no form
  format() {
    return 1;
  }
}
void Wrong;

// values
expectTypeOf(Image.fromUrl).returns.toEqualTypeOf<Promise<Image>>();
expectTypeOf(Audio.fromPath).returns.toEqualTypeOf<Promise<Audio>>();
expectTypeOf(File.fromBytes).returns.toEqualTypeOf<File>();
declare const downloader: Downloader;
void File.fromUrl('https://example.com/a.pdf', { timeoutMs: 1000, maxBytes: 10, allowPrivate: true, downloader });
// @ts-expect-error certificates are always checked
void Image.fromUrl('https://example.com/a.png', { verify: false });
// @ts-expect-error a sound has a format
new Audio({ data: 'AAAA' });
// @ts-expect-error a document is text or PDF
new Document('x', { mediaType: 'text/html' });
// @ts-expect-error values do not change
new Image('https://example.com/a.png').url = 'https://example.com/b.png';

// tools: what run gets is what the class of its arguments says
class Query {
  @Input() readonly query!: string;
  @Input({ type: 'int', default: 5 }) readonly k?: number;
}
const search = new Tool({ name: 'search', args: Query, run: (args) => expectTypeOf(args).toEqualTypeOf<Query>() });
expectTypeOf(search.args).toEqualTypeOf<ToolArguments>();
expectTypeOf(search.call).returns.toEqualTypeOf<Promise<unknown>>();
new Tool({
  name: 'loose',
  args: { city: { type: 'string' } },
  run: (args) => expectTypeOf(args).toEqualTypeOf<Readonly<Record<string, unknown>>>(),
});
// a list holds tools with different arguments
const tools: Tool[] = [search];
void tools;
// @ts-expect-error a tool does something
new Tool({ name: 'idle' });
expectTypeOf(ToolCallResults.of).returns.toEqualTypeOf<ToolCallResults>();
