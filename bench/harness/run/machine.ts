import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** Where and when a run was made: no figure means anything without it. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** `2026-01-31 12:00 UTC` */
  readonly date: string;
  /** Of the last minute, when the run began: what else was busy. */
  readonly load: number;
}

/** This machine, now. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.versions.node,
    date: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    load: loadavg()[0] ?? 0,
  };
}
