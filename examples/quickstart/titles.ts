/** Patterns of titles; `A` is an adjective, `N` a noun, `9` a number. Ours, made up for this example. */
export const PATTERNS: readonly string[] = [
  'Why A N Matter',
  'How to Choose A N',
  '9 Facts About A N',
  'A Short Guide to A N',
  'The Truth About A N',
  'Living with A N',
  'Are A N Worth It?',
  'The Rise of A N',
  'What A N Teach Us',
  'Where to Find A N',
  'In Praise of A N',
  'The Real Cost of A N',
  'My Year with A N',
  'Can We Trust A N?',
  'Notes on A N',
  'The Art of A N',
  '9 Ways to Enjoy A N',
  'Who Needs A N?',
  'A N: a Beginner Story',
  'The Last A N',
  'Learning from A N',
  'A N Explained',
  'Beyond A N',
  'Return of the A N',
  'A N on a Small Budget',
  'When A N Fail',
  'Top 9 A N of the Year',
  'Talking About A N',
  'Inside the World of A N',
  'The Future of A N',
  'A N for Busy People',
  'Do A N Make Us Happy?',
  'Under the A N',
  'Searching for A N',
  'A History of A N in 9 Chapters',
  'Goodbye, A N',
  'Between A N and Us',
  'The Case Against A N',
  'Making Peace with A N',
  'Everything You Know About A N Is Old',
];

export const ADJECTIVES: readonly string[] = (
  'gentle hidden modern simple quick lazy brave quiet ancient bright clever distant early empty famous fresh golden green ' +
  'heavy honest humble frozen little lonely loud lucky narrow noble open pale plain proud rare rough sharp silent slow ' +
  'smooth strange wild'
).split(' ');

export const NOUNS: readonly string[] = (
  'gardens servers rivers kitchens foxes engines roads bridges bicycles candles castles clouds coins deserts doors dragons ' +
  'farmers forests friends harbors hotels islands jackets ladders lamps letters libraries lions machines markets mirrors ' +
  'mountains museums oceans orchards painters planets poems rockets schools singers spiders stations storms teachers temples ' +
  'towers trains villages windows'
).split(' ');
