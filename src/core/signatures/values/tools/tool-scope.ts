import type { AbortSource } from '../../../util/cancellation';

/** How a tool runs inside a program: what aborts it, and who is told that it starts and ends. */
export interface ToolScope {
  /** Aborts when the call around the tool is left or cancelled. */
  readonly signal: AbortSource | undefined;
  /** Runs the work of a tool and tells of it. */
  run<R>(name: string, work: () => Promise<R>): Promise<R>;
}

let current: (() => ToolScope) | undefined;

/** Says how tools run inside of programs. The program's own room does it, so that values need not know of calls. */
export function setToolScope(scope: () => ToolScope): void {
  current = scope;
}

const ALONE: ToolScope = { signal: undefined, run: (_, work) => work() };

/** The scope of the running code. */
export function toolScope(): ToolScope {
  return current?.() ?? ALONE;
}
