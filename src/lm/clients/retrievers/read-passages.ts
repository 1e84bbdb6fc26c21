import { isMembers } from '../wire/members';

const LISTS = ['topk', 'passages', 'results', 'documents', 'matches', 'hits'];
const TEXTS = ['text', 'long_text', 'content', 'passage', 'document'];

/** The passages in what search servers usually answer, best first; `undefined` where there is no list of texts in it. */
export function readPassages(answer: unknown): readonly string[] | undefined {
  const list = Array.isArray(answer)
    ? answer
    : isMembers(answer)
      ? LISTS.map((name) => answer[name]).find(Array.isArray)
      : undefined;
  if (list === undefined) return undefined;
  const passages = list.map(textOf);
  return passages.every((passage) => passage !== undefined) ? passages : undefined;
}

function textOf(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (!isMembers(entry)) return undefined;
  const text = TEXTS.map((name) => entry[name]).find((value) => typeof value === 'string');
  return typeof text === 'string' ? text : undefined;
}
