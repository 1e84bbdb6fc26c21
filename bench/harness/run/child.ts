import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';

/** How a process of the benchmark is started. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const living = new Set<ChildProcessWithoutNullStreams>();

/** From now on no process that was started outlives this one, however it ends, but by SIGKILL; then they read the end of their input. */
export function endChildrenWithThisProcess(): void {
  process.once('exit', () => {
    for (const child of living) child.kill('SIGKILL');
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
}

/** Starts a process. */
export function startChild({ command, args, env, cwd }: Launch): ChildProcessWithoutNullStreams {
  const child = spawn(command, [...args], { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  living.add(child);
  child.once('close', () => living.delete(child));
  return child;
}

/** Ends a process, whatever it does. Resolves when it is gone. */
export async function endChild(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (!living.has(child)) return;
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
}
