// Run: npx ts-node examples/twenty-lines.ts "Seven Facts About Small Models"
// Needs: the weights of the local model (98 MB, fetched once)
import { configure, Evaluate, example, Input, Instructions, LabeledFewShot, Output, Predict, Signature } from 'dspex';
import { LocalLM } from 'dspex/local';

@Instructions('Make the URL slug for the article title.')
class MakeSlug extends Signature {
  @Input() readonly title!: string;
  @Output({ desc: 'lower-case words joined by hyphens' }) slug!: string;
}

const titles = `Ten Ways to Grow Tomatoes;Why Cats Purr;A Short History of Maps;Learning to Sail at Forty
Bread Without an Oven;The Quiet Life of Bees;What Rivers Remember;Notes on a Winter Garden`.split(/[;\n]/);
const slugOf = (title: string) => title.toLowerCase().replaceAll(' ', '-');
const rows = titles.map((title) => example({ title, slug: slugOf(title) }).withInputs('title'));
const metric = (gold: { slug: string }, predicted: { slug: string }) => gold.slug === predicted.slug;

async function main() {
  configure({ lm: new LocalLM() });
  const program = new Predict(MakeSlug);
  const better = await new LabeledFewShot({ k: 4 }).compile(program, { trainset: rows.slice(0, 4) });
  const evaluate = new Evaluate({ devset: rows.slice(4), metric });
  for (const candidate of [program, better]) console.log((await evaluate.call(candidate)).table());
  console.log((await better.call({ title: process.argv[2] ?? 'How to Bake Bread' })).slug);
}

void main();
