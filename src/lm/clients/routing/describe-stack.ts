import type { LM } from '../../../core/ports/lm';
import { LMLayer } from '../../layer';
import { LMGroup } from './lm-group';

/**
 * The layers of an LM by name, outermost first: `['single-flight', 'cached', 'budgeted', 'resilient', 'OpenAICompatible']`. The members of a
 * fallback or a pool stand in brackets: `fallback(resilient > OpenAICompatible, Anthropic)`.
 */
export function describeStack(lm: LM): readonly string[] {
  if (lm instanceof LMLayer) return [lm.layerName, ...describeStack(lm.inner)];
  if (!(lm instanceof LMGroup)) return [lm.constructor.name];
  const members = lm.members.map((member) => describeStack(member).join(' > '));
  return [`${lm.groupName}(${members.join(', ')})`];
}
