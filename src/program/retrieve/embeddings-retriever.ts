import { InvalidOptionError } from '../../core/errors/option-errors';
import { Embedder } from '../../core/ports/embedder';
import { type RetrieveOptions, Retriever } from '../../core/ports/retriever';
import { ambientScope } from '../../core/settings/ambient-scope';
import { checkOptions, wholeNumber } from '../../core/util/check-options';
import { largest } from './largest';

export interface EmbeddingsRetrieverOptions {
  /** The passages to search; copied. */
  readonly corpus: readonly string[];
  /** What turns passages and queries into vectors. */
  readonly embedder: Embedder;
  /** Passages to return when a call does not say; default 5, as in DSPy. */
  readonly k?: number;
}

/**
 * Finds the passages of a list whose vectors point in the direction of the query's, by looking at all of them: exact, and quick up to some
 * hundred thousand passages. The passages are embedded once, with the first search. (DSPy: `dspy.retrievers.Embeddings`.)
 */
export class EmbeddingsRetriever extends Retriever {
  private readonly corpus: readonly string[];
  private readonly embedder: Embedder;
  private readonly k: number;
  private indexing: Promise<readonly Float32Array[]> | undefined;

  /** Throws `UnknownOptionError` or `InvalidOptionError`; asks nothing of the embedder yet. */
  constructor(options: EmbeddingsRetrieverOptions) {
    super();
    const owner = 'EmbeddingsRetriever';
    checkOptions(owner, options, ['corpus', 'embedder', 'k']);
    const { corpus, embedder, k = 5 } = options;
    if (!Array.isArray(corpus) || corpus.some((text) => typeof text !== 'string' || text === '')) {
      throw new InvalidOptionError(owner, 'corpus', corpus, 'a list of texts, none of them empty');
    }
    if (!(embedder instanceof Embedder)) throw new InvalidOptionError(owner, 'embedder', embedder, 'an Embedder');
    this.corpus = [...corpus];
    this.embedder = embedder;
    this.k = wholeNumber(owner, 'k', k, 1);
  }

  async retrieve(query: string, { k = this.k, ...given }: RetrieveOptions = {}): Promise<readonly string[]> {
    if (typeof query !== 'string' || query === '') throw new InvalidOptionError('retrieve', 'query', query, 'a text');
    wholeNumber('retrieve', 'k', k, 1);
    const scope = ambientScope(given);
    const [index, { vectors }] = await Promise.all([this.index(), this.embedder.embed([query], scope)]);
    scope.signal?.throwIfAborted();
    const wanted = unit(vectors[0] ?? []);
    const scores = index.map((vector) => dot(vector, wanted));
    return largest(scores, k).map((at) => this.corpus[at] as string);
  }

  /** Not aborted with the search that happens to come first: later searches wait for it as well. */
  private index(): Promise<readonly Float32Array[]> {
    this.indexing ??= this.embedder
      .embed(this.corpus, {})
      .then(({ vectors }) => vectors.map(unit))
      .catch((error: unknown) => {
        this.indexing = undefined;
        throw error;
      });
    return this.indexing;
  }
}

/** The vector at length 1; one of length 0 stays, and is like nothing. */
function unit(vector: readonly number[]): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return Float32Array.from(vector, (one) => one / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
