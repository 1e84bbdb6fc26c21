import type { Params } from './workload';

/** Who can do a workload. `limit` is what a person would write by hand: undici, a pool of promises, `JSON.parse`. */
export type ContestantName = 'dspex' | 'dspy' | 'ax' | 'ai-sdk' | 'limit';

/** One workload of a row, done by several contestants in turns. */
export interface Case {
  readonly name: string;
  /** Name of the workload in each contestant's process. */
  readonly workload: string;
  readonly params?: Params;
  /** Who does it. One who lacks the feature is left out; nobody gets a weaker workload. */
  readonly contestants: readonly ContestantName[];
}

/** One measured quantity: what a contestant did in a case. */
export interface Measured {
  readonly case: string;
  readonly contestant: ContestantName;
  /** Name of a figure that the workload gives. */
  readonly figure: string;
}

/** A bound on `over / under` of the medians of the rounds, or on `over` alone. Fails only where its whole interval lies past it. */
export interface RatioCheck {
  readonly name: string;
  readonly over: Measured;
  readonly under?: Measured;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What is told to the world where it is reached; on the same side as the gate. */
  readonly aim?: number;
  /**
   * Part of the short gate of CI: `true` where the gate holds on a noisy machine too, a number where CI enforces that looser bound in
   * its place. Only ratios and counts, never times.
   */
  readonly steady?: boolean | number;
}

/** A bound on how a figure grows with a parameter: the slope of log(figure) over log(parameter), least squares through all cases. */
export interface SlopeCheck {
  readonly name: string;
  readonly contestant: ContestantName;
  readonly figure: string;
  /** Parameter on the x axis; each of these cases has it. Zero counts as one. */
  readonly parameter: string;
  readonly cases: readonly string[];
  readonly atMost?: number;
  readonly aim?: number;
  readonly steady?: boolean | number;
}

export type Check = RatioCheck | SlopeCheck;

/** A row of the table of benchmarks. */
export interface Row {
  /** `P1`, `E3`, `growth-demos` ... */
  readonly id: string;
  readonly title: string;
  /** What bounds the figures whatever a contestant does, and anything a reader must know to read them. */
  readonly note?: string;
  /** Starts the mock server in a process of its own; workloads find it as `mockUrl`. */
  readonly mock?: { readonly latencyMs: number };
  readonly cases: readonly Case[];
  readonly checks: readonly Check[];
  /** Rounds where one round is long; default what the command says. At least 7 unless a comment says why. */
  readonly rounds?: number;
}
