/** What a workload is told, as JSON: `demos: 16`, `inFlight: 256`, `mockUrl` where its row asks for the mock server. */
export type Params = Readonly<Record<string, string | number | boolean>>;

/** What one round measured, by name; the unit is in the name: `us`, `cpuUs`, `perSecond`, `rssBytes`, `p99Ms`, `requests`. */
export type Figures = Readonly<Record<string, number>>;

/** A piece of work that one contestant does over and over. */
export interface Workload {
  /**
   * What the work brings, once, as plain JSON. The harness compares it between contestants before anything is timed; leave it
   * out only where there is nothing to compare.
   */
  readonly outputs?: () => unknown;
  /** One round of measuring, of about 100 to 500 ms where the work allows. */
  readonly round: () => Figures | Promise<Figures>;
  /**
   * False for a round that is too short to compile its code anew: a forced collection throws compiled code away. Default true: garbage of
   * the round before is collected first.
   */
  readonly collectsFirst?: boolean;
  /** Gives back what it holds. */
  readonly close?: () => void | Promise<void>;
}

/** Sets a workload up, warm-up and calibration included. What it does here is not measured. */
export type OpenWorkload = (params: Params) => Workload | Promise<Workload>;
