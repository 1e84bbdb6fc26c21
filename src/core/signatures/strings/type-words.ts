import { ANY, BOOL, FLOAT, INT, NONE, STR, type TypeSpec } from '../type-spec';
import { CODE } from '../values/code';
import { HISTORY } from '../values/history';
import { AUDIO } from '../values/media/audio';
import { FILE } from '../values/media/file';
import { IMAGE } from '../values/media/image';
import { REASONING } from '../values/reasoning';
import { TOOL } from '../values/tools/tool';
import { TOOL_CALLS } from '../values/tools/tool-calls';

/** The bare words of the type language of string signatures; their static types are the `Words` of `infer-string.ts`. */
export const WORDS: ReadonlyMap<string, TypeSpec> = new Map<string, TypeSpec>([
  ['str', STR],
  ['string', STR],
  ['int', INT],
  ['float', FLOAT],
  ['number', FLOAT],
  ['bool', BOOL],
  ['boolean', BOOL],
  ['None', NONE],
  ['NoneType', NONE],
  ['null', NONE],
  ['Any', ANY],
  ['list', { kind: 'list' }],
  ['set', { kind: 'set' }],
  ['frozenset', { kind: 'frozenset' }],
  ['tuple', { kind: 'tuple', items: [], variadic: true }],
  ['dict', { kind: 'dict' }],
  ['bytes', { kind: 'bytes' }],
  ['complex', { kind: 'complex' }],
  ['Text', STR],
  ['date', { kind: 'date' }],
  ['datetime', { kind: 'datetime' }],
  ['datetime.date', { kind: 'date' }],
  ['datetime.datetime', { kind: 'datetime' }],
  ['datetime.time', { kind: 'time' }],
  ['datetime.timedelta', { kind: 'timedelta' }],
  ['decimal.Decimal', { kind: 'decimal' }],
  ['uuid.UUID', { kind: 'uuid' }],
  ['dspy.Image', IMAGE],
  ['dspy.Audio', AUDIO],
  ['dspy.File', FILE],
  ['dspy.History', HISTORY],
  ['dspy.Code', CODE],
  ['dspy.Reasoning', REASONING],
  ['dspy.Tool', TOOL],
  ['dspy.ToolCalls', TOOL_CALLS],
]);

const MEANT: Readonly<Record<string, string>> = {
  any: 'Any',
  unknown: 'Any',
  object: 'dict',
  record: 'dict',
  array: 'list',
  text: 'str',
  integer: 'int',
  double: 'float',
  void: 'None',
  enum: 'Literal',
};

/** What was probably meant by an unknown word, as a sentence; or what there is. */
export function suggestWord(word: string, names: ReadonlyMap<string, unknown> = new Map()): string {
  const lower = word.toLowerCase();
  const known = [...names.keys(), ...WORDS.keys(), 'Literal', 'Optional', 'Union'];
  const meant = MEANT[lower] ?? known.find((candidate) => candidate.toLowerCase() === lower);
  if (meant !== undefined) return `did you mean '${meant}'?`;
  return 'known are str, int, float, bool, list[...], dict[str, ...], tuple[...], Literal[...], Optional[...], Any, date, datetime';
}
