import type * as NodeLlamaCpp from 'node-llama-cpp' with { 'resolution-mode': 'import' };
import { LocalModelLoadError, LocalRuntimeMissingError } from '../../../core/errors/local-errors';
import { idleCores } from './idle-cores';

type Llama = NodeLlamaCpp.Llama;
export type Model = NodeLlamaCpp.LlamaModel;
export type Sequence = NodeLlamaCpp.LlamaContextSequence;
export type Grammar = NodeLlamaCpp.LlamaGrammar;
export type Token = NodeLlamaCpp.Token;
export type ChatWrapper = NodeLlamaCpp.ChatWrapper;
export type ChatHistoryItem = NodeLlamaCpp.ChatHistoryItem;

export interface RuntimeOptions {
  readonly sequences: number;
  /** Tokens a sequence holds at most; never more than the model was trained for. */
  readonly contextSize: number;
  /** Threads to compute with; undefined takes the cores that are idle. */
  readonly threads: number | undefined;
}

/** A loaded model with its sequences: the only file that touches node-llama-cpp, which is imported when first needed. */
export class Runtime {
  private readonly grammars = new Map<string, Promise<Grammar>>();

  private constructor(
    private readonly llama: Llama,
    private readonly module: typeof NodeLlamaCpp,
    readonly model: Model,
    readonly sequences: readonly Sequence[],
    /** Tokens a sequence really holds. */
    readonly contextSize: number,
  ) {}

  /** Throws `LocalRuntimeMissingError` or `LocalModelLoadError`. */
  static async load(path: string, options: RuntimeOptions): Promise<Runtime> {
    const module = await importRuntime();
    const { sequences: count, threads = await idleCores() } = options;
    let lastError = '';
    const llama = await module
      .getLlama({
        build: 'never',
        gpu: false,
        // Warnings of llama.cpp are about tokenizer details; an error is told by the exception that follows it.
        logLevel: module.LlamaLogLevel.error,
        logger: (_level, message) => {
          lastError = message.trim() || lastError;
        },
        maxThreads: threads,
      })
      .catch((cause: unknown) => {
        throw new LocalRuntimeMissingError({ cause });
      });
    try {
      const model = await llama.loadModel({ modelPath: path });
      const contextSize = Math.min(options.contextSize, model.trainContextSize);
      const context = await model.createContext({
        sequences: options.sequences,
        contextSize,
        threads: options.threads,
      });
      const sequences = Array.from({ length: count }, () => context.getSequence());
      return new Runtime(llama, module, model, sequences, Math.min(contextSize, context.contextSize));
    } catch (error) {
      await llama.dispose();
      const reason = error instanceof Error ? error.message : String(error);
      throw new LocalModelLoadError(path, { cause: new Error(lastError === '' ? reason : `${reason} (${lastError})`) });
    }
  }

  /** The compiled grammar of a GBNF text; compiled once. */
  grammar(text: string): Promise<Grammar> {
    let grammar = this.grammars.get(text);
    if (grammar === undefined) {
      grammar = this.llama.createGrammar({ grammar: text });
      this.grammars.set(text, grammar);
    }
    return grammar;
  }

  /** The state that follows one answer through a grammar. */
  grammarState(grammar: Grammar): NodeLlamaCpp.LlamaGrammarEvaluationState {
    return new this.module.LlamaGrammarEvaluationState({ model: this.model, grammar });
  }

  /** The library's rendering of the model's own chat template. */
  chatWrapper(): ChatWrapper {
    return this.module.resolveChatWrapper(this.model);
  }

  /** Frees model, contexts and threads. */
  async dispose(): Promise<void> {
    await this.llama.dispose();
  }
}

async function importRuntime(): Promise<typeof NodeLlamaCpp> {
  try {
    return await import('node-llama-cpp');
  } catch (cause) {
    throw new LocalRuntimeMissingError({ cause });
  }
}
