import type { LMCompletion, TokenLogprob } from '../../../core/primitives/lm-response';
import { parseJson } from '../../../core/util/json';
import type { Grammar, Runtime, Sequence, Token } from './runtime';
import type { Sampling } from './sampling';
import { commonPrefix } from './sequence-pool';
import { StopScanner } from './stop-scanner';

/** Prompt tokens computed between two looks at the abort signal: about half a second on a small machine. */
const PROMPT_CHUNK = 128;
const UNFINISHED_CHARACTER = '\uFFFD';

export interface CompletionOrder {
  readonly prompt: readonly Token[];
  readonly sampling: Sampling;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly logprobs: boolean;
  /** Holds the answer to JSON; the answer ends as soon as it is a whole object. */
  readonly grammar?: Grammar;
  readonly signal: AbortSignal;
  /** Takes the text as it comes, whole characters only; a promise holds the model back. */
  readonly onText?: ((text: string) => void | Promise<void>) | undefined;
}

export interface CompletedText {
  readonly completion: LMCompletion;
  /** Prompt tokens that were still in the sequence. */
  readonly reusedTokens: number;
  readonly outputTokens: number;
}

/** Computes one answer on one sequence, reusing what the sequence shares with the prompt. Rejects with the signal's reason. */
export async function complete(runtime: Runtime, sequence: Sequence, order: CompletionOrder): Promise<CompletedText> {
  const reusedTokens = await prepare(sequence, order);
  const { maxTokens, grammar, logprobs, signal, onText } = order;
  const scanner = new StopScanner(order.stop);
  const text = new GrowingText(runtime);
  const probabilities: TokenLogprob[] = [];
  let outputTokens = 0;
  let finishReason: LMCompletion['finishReason'] = 'stop';
  let cut = -1;
  let told = 0;
  /** Tells the text up to a place. */
  const tellTo = async (end: number): Promise<void> => {
    if (onText === undefined || end <= told) return;
    const piece = text.value.slice(told, end);
    told = end;
    await onText(piece);
  };

  const rest = order.prompt.slice(sequence.nextTokenIndex);
  // Typed as asked for always; it is read only when it was.
  const metadata = { confidence: logprobs as true };
  for await (const { token, confidence } of sequence.evaluateWithMetadata(
    rest,
    metadata,
    options(runtime, order, text),
  )) {
    signal.throwIfAborted();
    outputTokens += 1;
    const added = text.push(token);
    if (logprobs) probabilities.push({ token: runtime.model.detokenize([token]), logprob: Math.log(confidence) });
    cut = scanner.find(text.value, added.length);
    if (cut >= 0 || (grammar !== undefined && added.includes('}') && isWholeJson(text.value))) break;
    if (outputTokens >= maxTokens) {
      finishReason = 'length';
      break;
    }
    // What may be the beginning of a stop string is held back.
    if (onText !== undefined) await tellTo(text.value.length - scanner.begun(text.value));
  }
  const whole = text.finish();
  await tellTo(cut < 0 ? whole.length : cut);
  return {
    completion: {
      text: cut < 0 ? whole : whole.slice(0, cut),
      finishReason,
      ...(logprobs ? { logprobs: probabilities } : {}),
    },
    reusedTokens,
    outputTokens,
  };
}

/** Leaves in the sequence what it shares with the prompt and computes the prompt up to its last piece. */
async function prepare(sequence: Sequence, { prompt, signal }: CompletionOrder): Promise<number> {
  signal.throwIfAborted();
  const keep = Math.min(commonPrefix(sequence.contextTokens, prompt), prompt.length - 1);
  await sequence.eraseContextTokenRanges([{ start: keep, end: sequence.nextTokenIndex }]);
  const reused = sequence.nextTokenIndex;
  while (prompt.length - sequence.nextTokenIndex > PROMPT_CHUNK) {
    const next = sequence.nextTokenIndex;
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(next, next + PROMPT_CHUNK));
    signal.throwIfAborted();
  }
  return reused;
}

function options(runtime: Runtime, { sampling, grammar }: CompletionOrder, text: GrowingText) {
  const { frequencyPenalty, presencePenalty, ...plain } = sampling;
  const penalized = frequencyPenalty !== 0 || presencePenalty !== 0;
  return {
    ...plain,
    ...(grammar === undefined ? {} : { grammarEvaluationState: runtime.grammarState(grammar) }),
    ...(penalized
      ? { repeatPenalty: { punishTokens: () => text.tokens, penalty: 1, frequencyPenalty, presencePenalty } }
      : {}),
  };
}

function isWholeJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

/** Text made of tokens; a character whose bytes are spread over several tokens appears when its last one has come. */
class GrowingText {
  readonly tokens: Token[] = [];
  value = '';
  private shown = 0;

  constructor(private readonly runtime: Runtime) {}

  /** The text that the token added. */
  push(token: Token): string {
    this.tokens.push(token);
    const piece = this.pending();
    return piece.endsWith(UNFINISHED_CHARACTER) ? '' : this.take(piece);
  }

  finish(): string {
    this.take(this.pending());
    return this.value;
  }

  private pending(): string {
    return this.runtime.model.detokenize(this.tokens.slice(this.shown), false, this.tokens.slice(0, this.shown));
  }

  private take(piece: string): string {
    this.value += piece;
    this.shown = this.tokens.length;
    return piece;
  }
}
