import { currentCancellation } from '../../core/settings/frame';
import { inSpan } from '../../core/settings/in-span';
import { setToolScope } from '../../core/signatures/values/tools/tool-scope';

/** Lets tools run as parts of the call around them: aborted with it, and told to whoever listens or follows. */
export function bindTools(): void {
  setToolScope(() => ({
    signal: currentCancellation(),
    run: (name, work) => inSpan('tool', () => ({ name }), work),
  }));
}
