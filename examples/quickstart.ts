// Run: npm run quickstart -- "Your Own Title"
// Also: npm run quickstart -- --seeds   (the table over fresh seeds, about ten minutes)
// Needs: the weights of the local model (98 MB, fetched once)
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { DspexError, InvalidOptionError } from 'dspex';
import { pairedDifference } from 'dspex/evaluate';
import { candidateName, watchSearch } from './quickstart/compile';
import { makeData } from './quickstart/data';
import { configureModel, type Models, makeProgram, SETTINGS, score, startSearch } from './quickstart/program';
import {
  differenceText,
  heading,
  scoreText,
  showChanges,
  showPrompt,
  totalUsage,
  usageText,
} from './quickstart/report';
import { FRESH_SEEDS, measureSeeds } from './quickstart/seeds';

const SEED = 1;
const SAVED = join('.cache', 'quickstart', 'slugs.json');

async function quickstart(models: Models, question: string): Promise<void> {
  const started = performance.now();
  const data = makeData(SEED);
  const program = makeProgram();
  const cores = availableParallelism();
  console.log(`${models.local.model}, 135 million parameters, on this processor (${cores} cores). No server, no key.`);

  heading('The program: one step, declared by its signature');
  console.log(`  ${program.spec.instructions}`);
  for (const field of program.spec.inputs) console.log(`  in   ${field.name}`);
  for (const field of program.spec.outputs) console.log(`  out  ${field.name}: ${field.desc}`);
  const { train, validation, dev } = data;
  console.log(
    `\n  ${train.length} rows to learn from, ${validation.length} to choose by, ${dev.length} to be judged by.`,
  );
  console.log('  The last share no pattern and no word with the others. Right means equal, letter for letter.');

  heading('Before compiling');
  const before = await score(program, dev, true);
  console.log(`  ${scoreText(before)}   (${usageText(before.usage, before.durationMs)})`);
  const copied = dev.filter(({ title, slug }) => title === slug).length;
  console.log(`  Copying the title would get ${copied} of ${dev.length}; so would any one constant answer, at best 1.`);

  heading(`Compiling: which ${SETTINGS.demos} demonstrations help most?`);
  const run = startSearch(program, train, validation);
  const compiled = await watchSearch(run);
  const { usage: spent, elapsedMs } = run.status();
  console.log(`  Kept: ${candidateName(compiled.candidates[0]?.seed ?? 0)}.   (${usageText(spent, elapsedMs)})`);

  heading('After compiling');
  const after = await score(compiled, dev, true);
  console.log(`  ${scoreText(after)}   (${usageText(after.usage, after.durationMs)})`);
  const gain = pairedDifference(before.scores(), after.scores(), { clusters: data.devPatterns });
  const verdict = gain.established
    ? 'The interval excludes 0: the gain is established.'
    : 'The interval includes 0: not established.';
  console.log(`  On the same rows ${differenceText(gain)}, resampled by pattern. ${verdict}`);
  showChanges(before, after, 3);

  heading('The prompt before, for your title');
  await program.call({ title: question });
  const known = showPrompt(program);
  heading('The prompt after: the same instructions, and demonstrations');

  const { slug } = await compiled.call({ title: question });
  showPrompt(compiled, known);

  await compiled.save(SAVED);
  const loaded = await makeProgram().load(SAVED);
  const again = await score(loaded, dev);
  const same = again.results.filter((row, index) => row.prediction?.slug === after.results[index]?.prediction?.slug);
  heading('Saved, loaded, asked again');
  console.log(
    `  ${SAVED}: the same answer for ${same.length} of ${dev.length} rows (${usageText(again.usage, again.durationMs)})`,
  );

  heading('Your question, answered by the compiled program');
  console.log(`  ${question}\n  ${slug}`);

  heading('What this shows');
  const usage = totalUsage([before.usage, spent, after.usage, again.usage]);
  console.log(`  ${usageText(usage, performance.now() - started)} in all.`);
  console.log(
    '  A model too small to follow the instruction learned the task from demonstrations; nobody wrote a prompt.',
  );
  console.log('  A regular expression solves this task; the point is the loop, which works for tasks that have none.');
  console.log(
    '  Four rows drawn at random do as well here: trying several sets pays only where good and bad sets differ.',
  );
  console.log('  One seed is an anecdote. Fresh ones, drawn rows beside the search: npm run quickstart -- --seeds');
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const seeds = words[0] === '--seeds' ? readSeeds(words.slice(1)) : undefined;
  const models = configureModel();
  try {
    await models.local.load();
    if (seeds !== undefined) await measureSeeds(seeds);
    else await quickstart(models, words.join(' ') || 'Five Surprising Uses for Old Bicycles');
  } finally {
    await models.lm.close();
  }
}

function readSeeds(words: readonly string[]): readonly number[] {
  const wrong = words.find((word) => !/^\d{1,9}$/.test(word));
  if (wrong !== undefined) throw new InvalidOptionError('quickstart', '--seeds', wrong, 'whole numbers such as 101');
  return words.length === 0 ? FRESH_SEEDS : words.map(Number);
}

main().catch((error: unknown) => {
  console.error(error instanceof DspexError ? `\n${error.name}: ${error.message}` : error);
  process.exitCode = 1;
});
