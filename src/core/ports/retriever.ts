import type { CallScope } from './lm';

export interface RetrieveOptions extends CallScope {
  /** Passages to return; default is the implementation's own. */
  readonly k?: number;
}

/** Finds passages for a query, best first (DSPy: `rm`). */
export abstract class Retriever {
  abstract retrieve(query: string, options?: RetrieveOptions): Promise<readonly string[]>;
}
