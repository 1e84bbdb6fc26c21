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

/**
 * Hostile answers of `bytes` characters (nesting, quotes, markers, `__proto__`, NUL ...) through every adapter and ten types of field, whole
 * and in pieces. Opening reads all of them once, fails on any other error than the typed one, and keeps the slowest for the rounds.
 */
export const openHostile: OpenWorkload = (params) => {
  for (const { text } of hostileTexts(20_000)) {
    for (const adapter of ADAPTERS)
      for (const answer of answers(adapter, text)) for (const type of TYPES) parsing(adapter, type, answer)();
  }
  const before = innocence();
  const slowest = (found: Map<Reading, number>) =>
    [...found]
      .sort(([, a], [, b]) => b - a)
      .slice(0, SUSPECTS)
      .map(([reading]) => reading);
  let whole: readonly Reading[] = [];
  let streamed: readonly Reading[] = [];
  for (const { name, text } of hostileTexts(numberOf(params, 'bytes', 1_000_000))) {
    const timed = (readings: readonly Reading[]) =>
      readings.map((reading): [Reading, number] => [reading, msOf(reading)]);
    const shapes = ADAPTERS.flatMap((adapter) => answers(adapter, text).map((answer) => ({ adapter, answer })));
    const parsed = shapes.flatMap(({ adapter, answer }) => TYPES.map((type) => parsing(adapter, type, answer)));
    whole = slowest(new Map([...timed(whole), ...timed(parsed)]));
    streamed = slowest(
      new Map([...timed(streamed), ...timed(shapes.map((one) => streaming(one.adapter, one.answer)))]),
    );
    if (innocence() !== before) throw new Error(`'${name}' changed Object.prototype.`);
  }
  return { round: () => ({ worstMs: worstOf(whole), streamedMs: worstOf(streamed.slice(0, 5)) }) };
};
