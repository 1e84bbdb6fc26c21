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
import { hostileTexts } from 'dspex/testing';
import type { OpenWorkload } from '../../../harness/workload';
import { numberOf } from '../../task';

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
/** So many of the slowest readings are timed again in every round. */
const SUSPECTS = 40;
/** Size of the pieces of a streamed answer, in characters. */
const PIECE = 50;

/** A text as the whole answer, and where an adapter looks for the field. */
function answers({ name }: Adapter, text: string): readonly string[] {
  if (name === 'ChatAdapter') return [text, `[[ ## answer ## ]]\n${text}`];
  if (name === 'XMLAdapter') return [text, `<answer>${text}</answer>`];
  return [text, `{"answer": ${text}}`, `{"answer": "${text}"}`];
}

/** One reading of an answer; true when it was refused with the error that is meant for that. */
type Reading = () => boolean;

function parsing(adapter: Adapter, type: string, answer: string): Reading {
  const spec = signature<string>(`question -> answer: ${type}`);
  return () => {
    try {
      adapter.parse(spec, answer, () => Promise.reject(new Error('No other model is asked.')));
      return false;
    } catch (error) {
      if (error instanceof AdapterParseError) return true;
      throw error;
    }
  };
}

/** All pieces of an answer, as they come from a stream. */
function streaming(adapter: Adapter, answer: string): Reading {
  const spec = signature('question -> answer');
  return () => {
    const partial = new PartialAnswer(adapter, spec);
    for (let at = 0; at < answer.length; at += PIECE) partial.push(answer.slice(at, at + PIECE));
    return false;
  };
}

function msOf(reading: Reading): number {
  const started = performance.now();
  reading();
  return performance.now() - started;
}

/** Others may share the machine: the best of three is what the reading needs. */
function worstOf(readings: readonly Reading[]): number {
  return Math.max(...readings.map((reading) => Math.min(msOf(reading), msOf(reading), msOf(reading))));
}

const innocence = () => Object.getOwnPropertyNames(Object.prototype).join();

/** A reading that is to be timed again, at another size of the same text. */
type Suspect = (text: string) => Reading;

/** All ways to read a text, whole or in pieces. */
function waysOf(adapter: Adapter, way: 'whole' | 'pieces'): readonly Suspect[] {
  return answers(adapter, '').flatMap((_, shape) => {
    const answer = (text: string) => answers(adapter, text)[shape] ?? text;
    if (way === 'pieces') return [(text: string) => streaming(adapter, answer(text))];
    return TYPES.map((type) => (text: string) => parsing(adapter, type, answer(text)));
  });
}

/** The slowest of all ways to read the texts of the corpus, with the texts they are slow on. */
function slowest(way: 'whole' | 'pieces', size: number, count: number): readonly { name: string; suspect: Suspect }[] {
  const before = innocence();
  const ways = ADAPTERS.flatMap((adapter) => waysOf(adapter, way));
  const timed = hostileTexts(size).flatMap(({ name, text }) => {
    const found = ways.map((suspect) => ({ name, suspect, ms: msOf(suspect(text)) }));
    if (innocence() !== before) throw new Error(`'${name}' changed Object.prototype.`);
    return found;
  });
  return timed.sort((a, b) => b.ms - a.ms).slice(0, count);
}

/**
 * Hostile answers of `bytes` characters (nesting, quotes, markers, `__proto__`, NUL ...) through every adapter and ten types of field, whole
 * and in pieces. Opening reads all of them at a tenth of that size, fails on any other error than the typed one, and keeps the slowest for
 * the rounds, which read those at full size. What grows faster than its text is among them.
 */
export const openHostile: OpenWorkload = (params) => {
  const bytes = numberOf(params, 'bytes', 1_000_000);
  // Once for the compiler.
  slowest('whole', 2000, 0);
  const texts = new Map(hostileTexts(bytes).map(({ name, text }) => [name, text]));
  const atFullSize = (way: 'whole' | 'pieces', count: number) =>
    slowest(way, Math.ceil(bytes / 10), count).map(({ name, suspect }) => suspect(texts.get(name) ?? ''));
  const [whole, pieces] = [atFullSize('whole', SUSPECTS), atFullSize('pieces', 3)];
  return { round: () => ({ worstMs: worstOf(whole), streamedMs: worstOf(pieces) }) };
};
