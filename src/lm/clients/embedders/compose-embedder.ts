import { BudgetExceededError } from '../../../core/errors/clients/budget-exceeded-error';
import { RequestTooLargeError } from '../../../core/errors/clients/request-errors';
import {
  ContextWindowExceededError,
  LMContentFilterError,
  LMError,
  LMInvalidRequestError,
} from '../../../core/errors/lm-errors';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import { Embedder, type EmbedderStats } from '../../../core/ports/embedder';
import type { CallScope } from '../../../core/ports/lm';
import type { Embedding, EmbedResponse } from '../../../core/primitives/embedding';
import { mostCost, type Price } from '../../../core/primitives/price';
import { addUsage, NO_USAGE, type Usage } from '../../../core/primitives/usage';
import { ambientScope } from '../../../core/settings/ambient-scope';
import type { Estimate } from '../../../core/settings/budget';
import { inSpan } from '../../../core/settings/in-span';
import { countUsage } from '../../../core/settings/with-trace';
import { callKey } from '../../cache/call-key';
import { tokensOfText } from '../budget/estimate';
import { budgetsKey, withinBudgets } from '../budget/within-budgets';
import { CallStack, type CallStackOptions } from '../services/call-stack';
import { Batcher } from './batcher';
import { isVector } from './read-embeddings';

/** One text on its way, and the bill of the call that asked for it. */
interface Asked {
  readonly text: string;
  readonly bill: Bill;
}

/** What one call of `embed` took. Many texts share a request; it is on the bill of the text that came first. */
interface Bill {
  usage: Usage;
}

/**
 * The default stack around a bare embedder, text by text: equal texts in flight share one request, vectors are kept in the cache, what
 * is left is asked for in batches, and batches are sent with retries, breaker and limits of their own.
 */
export function composeEmbedder(client: Embedder, options: CallStackOptions = {}): Embedder {
  return new ComposedEmbedder(client, options);
}

class ComposedEmbedder extends Embedder {
  readonly model: string;
  readonly endpoint: string;
  override readonly batchSize: number;
  override readonly price: Price | undefined;
  private readonly stack: CallStack<Embedding>;
  private readonly batches: Batcher<Asked, Embedding>;

  constructor(
    private readonly client: Embedder,
    options: CallStackOptions,
  ) {
    super();
    this.model = client.model;
    this.endpoint = client.endpoint;
    this.batchSize = client.batchSize;
    this.price = client.price;
    this.stack = new CallStack(
      'composeEmbedder',
      { model: client.model, endpoint: client.endpoint },
      isVector,
      options,
    );
    this.batches = new Batcher(client.batchSize, (asked, scope) => this.send(asked, scope), {
      caller: ({ bill }) => bill,
      payer: budgetsKey,
      ofOne: isOfOneCaller,
    });
  }

  async embed(texts: readonly string[], scope?: CallScope): Promise<EmbedResponse> {
    if (!Array.isArray(texts)) throw new InvalidOptionError('embed', 'texts', texts, 'a list of texts');
    const bill: Bill = { usage: NO_USAGE };
    const { model, endpoint } = this;
    const around = ambientScope(scope);
    const ask = (text: string) =>
      this.stack.run(
        callKey('embedding', { endpoint, model, text }),
        (inner) => this.batches.ask({ text, bill }, inner),
        around,
      );
    try {
      return await inSpan(
        'embedder',
        () => ({ model, endpoint, texts: texts.length }),
        async () => {
          const answered = await Promise.all(texts.map(ask));
          const cachedCalls = answered.filter(({ hit }) => hit).length;
          const usage = addUsage(bill.usage, { ...NO_USAGE, cachedCalls });
          countUsage(usage, this);
          return Object.freeze({ vectors: Object.freeze(answered.map(({ answer }) => answer)), usage });
        },
        ({ usage }) => ({ usage }),
      );
    } catch (error) {
      if (error instanceof LMError) countUsage({ ...bill.usage, lostAttempts: error.attempts }, this);
      throw error;
    }
  }

  stats(): EmbedderStats {
    const { requests, inFlight } = this.client.stats();
    return { requests, inFlight, ...this.stack.stats() };
  }

  /** Refuses what waits for its turn or for a retry, then waits for what is in flight. */
  close(): Promise<void> {
    return this.stack.close(() => this.client.close());
  }

  private async send(asked: readonly Asked[], scope: CallScope): Promise<readonly Embedding[]> {
    const texts = asked.map(({ text }) => text);
    const { model, endpoint, price } = this;
    const { vectors, usage } = await withinBudgets(
      {
        ...{ about: { model, endpoint }, price, own: undefined },
        estimate: () => estimateOf(texts, price),
        usageOf: (response: EmbedResponse) => response.usage,
        send: async (inner) => {
          const { answer, lost } = await this.stack.send((last) => this.client.embed(texts, last), inner);
          return { ...answer, usage: addUsage(answer.usage, { ...NO_USAGE, lostAttempts: lost }) };
        },
      },
      scope,
    );
    const [first] = asked;
    if (first !== undefined) first.bill.usage = addUsage(first.bill.usage, usage);
    return vectors;
  }
}

/** What is wrong with a text, or too much of them: the texts of other callers in the same request may be well. */
function isOfOneCaller(error: unknown): boolean {
  return (
    error instanceof LMInvalidRequestError ||
    error instanceof RequestTooLargeError ||
    error instanceof ContextWindowExceededError ||
    error instanceof LMContentFilterError ||
    error instanceof BudgetExceededError
  );
}

function estimateOf(texts: readonly string[], price: Price | undefined): Estimate {
  const tokens = texts.reduce((sum, text) => sum + tokensOfText(text), 0);
  return { calls: 1, tokens, usd: price === undefined ? undefined : mostCost(tokens, 0, price) };
}
