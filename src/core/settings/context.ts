import { currentFrame, runInFrame } from './frame';
import { checkSettings, type Settings } from './settings';

/**
 * Runs `fn` with these settings over the surrounding ones. They hold for everything `fn` starts, across awaits, and
 * nowhere else. Returns what `fn` returns. (DSPy: `dspy.context`.)
 */
export function context<R>(settings: Settings, fn: () => R): R {
  const values = checkSettings('context', settings);
  return runInFrame({ ambient: { values, outer: currentFrame().ambient } }, fn);
}
