// Signatures, from one line to nested classes: each says what goes in and what comes out, and the compiler knows both.
// Run: npx ts-node examples/signatures.ts
import { ChainOfThought, configure, Image, Input, Instructions, Output, Predict, Signature } from 'dspex';
import { DummyLM } from 'dspex/testing';

// In one line: names, an arrow, and a type where it is not text.
const isPositive = new Predict('review -> positive: bool');

// The same line for a module that thinks first: its prediction has `reasoning` too.
const shorten = new ChainOfThought('article -> headline');

// Several fields, lists and choices; instructions go beside the string or, in a class, above it.
@Instructions('Sort a message to the help desk.')
class SortMessage extends Signature {
  @Input() readonly message!: string;
  @Output({ oneOf: ['question', 'fault', 'praise'], desc: 'what the writer wants' })
  kind!: 'question' | 'fault' | 'praise';
  @Output({ items: String, desc: 'products that are named' }) products!: string[];
}

// A claim beside its source: a verdict and, for each claim, the words it rests on.
@Instructions('Check that the text claims nothing that the source does not say.')
class CheckClaims extends Signature {
  @Input({ desc: 'taken to be true' }) readonly source!: string;
  @Input() readonly text!: string;
  @Output() supported!: boolean;
  @Output({ values: { items: String }, desc: 'supporting words for each claim' }) evidence!: Record<string, string[]>;
}

// Classes inside classes; the answer is made of instances of them.
class Ingredient {
  @Output() name!: string;
  @Output({ type: 'float' }) grams!: number;
}

class Recipe extends Signature {
  @Input() readonly dish!: string;
  @Input({ type: 'int' }) readonly people!: number;
  @Output({ items: Ingredient }) ingredients!: Ingredient[];
}

// A picture is an input like any other.
class NameTheBird extends Signature {
  @Input({ type: Image }) readonly photo!: Image;
  @Output() species!: string;
}

// The answers are a script: nothing here asks a model. With `configure({ lm: lm('openai/...') })` they are a model's.
const script = new DummyLM([
  { positive: true },
  { reasoning: 'The council decided, after years.', headline: 'Bridge to open at last' },
  { kind: 'fault', products: ['kettle', 'lid'] },
  { supported: false, evidence: { 'The tower is old': ['built in 1340'] } },
  { ingredients: [{ name: 'rice', grams: 150 }] },
  { species: 'wren' },
]);

async function main() {
  configure({ lm: script });
  console.log('Model: a script\n');

  const { positive } = await isPositive.call({ review: 'Bread like my grandmother made.' });
  console.log('positive:', positive);

  const { reasoning, headline } = await shorten.call({ article: 'After nine years of building ...' });
  console.log(`headline: ${headline} (because: ${reasoning})`);

  const sorted = await new Predict(SortMessage).call({ message: 'The lid of my kettle does not close.' });
  console.log(`kind: ${sorted.kind}, products: ${sorted.products.join(' and ')}`);

  const checked = await new Predict(CheckClaims).call({
    source: 'The tower, built in 1340, stands on the hill.',
    text: 'The tower is old and was restored last year.',
  });
  console.log(`supported: ${checked.supported}, evidence: ${JSON.stringify(checked.evidence)}`);

  const { ingredients } = await new Predict(Recipe).call({ dish: 'risotto', people: 2 });
  console.log(`ingredients: ${ingredients.map(({ name, grams }) => `${grams} g ${name}`).join(', ')}`);
  console.log(`made of the class: ${ingredients[0] instanceof Ingredient}`);

  const bird = new Predict(NameTheBird);
  const { species } = await bird.call({ photo: new Image('https://example.com/garden.jpg') });
  console.log(`species: ${species}`);

  // A signature is a value: derive another from it, and the old one stays as it was.
  const withReason = isPositive.spec.withInstructions('Judge the review as its author would.');
  console.log(`\nThe prompt of one line:\n${isPositive.render({ review: '...' })[0]?.content}`);
  console.log(`\nderived: ${withReason.instructions} | before: ${isPositive.spec.instructions}`);
}

void main();
