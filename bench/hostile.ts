// Hostile answers of a megabyte through every adapter and reader of values, bare and in the place of a field: the worst time of
// each, and whether it was read as an ordinary value or refused with AdapterParseError. Every reading is the best of three,
// since the machine may be shared. The last column is the same text streamed in pieces of 50 characters, all pushes together.
// Run: npm run bench:hostile [-- CHARACTERS]
import {
  type Adapter,
  AdapterParseError,
  BAMLAdapter,
  ChatAdapter,
  JSONAdapter,
  PartialAnswer,
  XMLAdapter,
} from 'dspex/adapters';
import { signature } from 'dspex/program';
import { type HostileText, hostileTexts } from 'dspex/testing';

const SIZE = Number(process.argv[2] ?? 1_000_000);
const BOUND_MS = 50;
const ADAPTERS: readonly Adapter[] = [new ChatAdapter(), new JSONAdapter(), new XMLAdapter(), new BAMLAdapter()];
const TYPES = [
  'str',
  'int',
  'float',
  'bool',
  'Any',
  'list[str]',
  'dict[str, int]',
  "Literal['a', 'b']",
  'Optional[int]',
  'datetime',
];
const SPECS = TYPES.map((type) => ({ type, spec: signature<string>(`question -> answer: ${type}`) }));

/** A text as the whole answer, and where an adapter looks for the field. */
function answers({ name }: Adapter, text: string): readonly string[] {
  if (name === 'ChatAdapter') return [text, `[[ ## answer ## ]]\n${text}`];
  if (name === 'XMLAdapter') return [text, `<answer>${text}</answer>`];
  return [text, `{"answer": ${text}}`, `{"answer": "${text}"}`];
}

interface Reading {
  readonly ms: number;
  readonly refused: boolean;
  readonly where: string;
}

function read(adapter: Adapter, { spec, type }: (typeof SPECS)[number], answer: string): Reading {
  let refused = false;
  const ms = bestOfThree(() => {
    try {
      adapter.parse(spec, answer, () => Promise.reject(new Error('no other model is asked')));
    } catch (error) {
      if (!(error instanceof AdapterParseError)) throw error;
      refused = true;
    }
  });
  return { ms, refused, where: `${adapter.name}, ${type}` };
}

/** Milliseconds for all pieces of an answer, as they come from a stream. */
function streamMs(adapter: Adapter, answer: string): number {
  const spec = signature('question -> answer');
  return bestOfThree(() => {
    const partial = new PartialAnswer(adapter, spec);
    for (let at = 0; at < answer.length; at += 50) partial.push(answer.slice(at, at + 50));
  });
}

function bestOfThree(work: () => void): number {
  const times = [1, 2, 3].map(() => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return Math.min(...times);
}

function readings({ text }: HostileText): readonly Reading[] {
  return ADAPTERS.flatMap((adapter) =>
    answers(adapter, text).flatMap((answer) => SPECS.map((spec) => read(adapter, spec, answer))),
  );
}

function worstStream({ text }: HostileText): number {
  return Math.max(...ADAPTERS.flatMap((adapter) => answers(adapter, text).map((answer) => streamMs(adapter, answer))));
}

function main(): void {
  for (let warm = 0; warm < 3; warm += 1) hostileTexts(20_000).forEach(readings);
  console.log(
    `${SIZE} characters, Node ${process.versions.node}; ${ADAPTERS.length} adapters, ${TYPES.length} types\n`,
  );
  const slow: string[] = [];
  for (const hostile of hostileTexts(SIZE)) {
    const before = Object.getOwnPropertyNames(Object.prototype).join();
    const all = readings(hostile);
    if (Object.getOwnPropertyNames(Object.prototype).join() !== before)
      throw new Error(`${hostile.name} changed Object.prototype`);
    const worst = all.reduce((left, right) => (right.ms > left.ms ? right : left));
    const refused = all.filter((reading) => reading.refused).length;
    if (worst.ms > BOUND_MS) slow.push(hostile.name);
    console.log(
      `${hostile.name.padEnd(28)} ${worst.ms.toFixed(1).padStart(8)} ms  ${worst.where.padEnd(32)} ` +
        `${String(refused).padStart(3)} refused, ${String(all.length - refused).padStart(3)} inert` +
        `${worstStream(hostile).toFixed(0).padStart(8)} ms streamed`,
    );
  }
  console.log(`\nabove ${BOUND_MS} ms: ${slow.length === 0 ? 'none' : slow.join(', ')}`);
}

main();
