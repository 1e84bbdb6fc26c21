import type { ContentPart } from '../../core/primitives/message';
import { dumpValue } from '../../core/signatures/python/dump';
import { pythonJson } from '../../core/signatures/python/json-text';
import { MARKER_END, MARKER_START } from '../../core/signatures/values/custom-parts';

/** Parts as text between the reference's markers: in answers, which hold no parts, and in saved programs. */
export function markedParts(parts: readonly ContentPart[]): string {
  return `${MARKER_START}${pythonJson(dumpValue(parts, undefined))}${MARKER_END}`;
}
