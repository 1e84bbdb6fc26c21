import { type RetrieveOptions, Retriever } from '../../../core/ports/retriever';
import { ambientScope } from '../../../core/settings/ambient-scope';
import { inSpan } from '../../../core/settings/in-span';
import { callKey } from '../../cache/call-key';
import { CallStack, type CallStackOptions } from '../services/call-stack';

/** A retriever that has something to close, and says where it looks. */
export interface RetrieverClient extends Retriever {
  /** Part of the key of cached passages. */
  readonly endpoint: string;
  /**
   * What tells a search from others at this endpoint, such as what is sent for it; part of the key of cached passages, so nothing secret.
   * Default: query and `k`.
   */
  searchKey?(query: string, k: number | undefined): Readonly<Record<string, unknown>>;
  close?(): Promise<void>;
}

/** A retriever with layers around it. */
export interface ComposedRetriever extends Retriever, AsyncDisposable {
  close(): Promise<void>;
  stats(): ReturnType<CallStack<readonly string[]>['stats']>;
}

/**
 * The default stack around a bare retriever: equal searches in flight share one request, passages are kept in the cache, and requests are
 * sent with retries, breaker and limits of their own.
 */
export function composeRetriever(client: RetrieverClient, options: CallStackOptions = {}): ComposedRetriever {
  return new LayeredRetriever(client, options);
}

class LayeredRetriever extends Retriever implements ComposedRetriever {
  private readonly stack: CallStack<readonly string[]>;

  constructor(
    private readonly client: RetrieverClient,
    options: CallStackOptions,
  ) {
    super();
    this.stack = new CallStack(
      'composeRetriever',
      { model: 'retriever', endpoint: client.endpoint },
      isPassages,
      options,
    );
  }

  retrieve(query: string, { k, ...scope }: RetrieveOptions = {}): Promise<readonly string[]> {
    const { client } = this;
    const { endpoint } = client;
    const asked = k === undefined ? {} : { k };
    return inSpan(
      'retriever',
      () => ({ endpoint, ...asked }),
      async () => {
        const { answer } = await this.stack.run(
          callKey('passages', { endpoint, ...(client.searchKey?.(query, k) ?? { query, ...asked }) }),
          async (inner) => {
            const sent = await this.stack.send((last) => client.retrieve(query, { ...last, ...asked }), inner);
            return Object.freeze([...sent.answer]);
          },
          ambientScope(scope),
        );
        return answer;
      },
      (passages) => ({ passages: passages.length }),
    );
  }

  stats(): ReturnType<CallStack<readonly string[]>['stats']> {
    return this.stack.stats();
  }

  /** Refuses what waits for its turn or for a retry, then waits for what is in flight. */
  close(): Promise<void> {
    return this.stack.close(() => this.client.close?.());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function isPassages(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((passage) => typeof passage === 'string');
}
