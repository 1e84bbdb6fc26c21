import { stat } from 'node:fs/promises';
import type * as NodeLlamaCpp from 'node-llama-cpp' with { 'resolution-mode': 'import' };
import {
  type LocalModelError,
  LocalModelLoadError,
  LocalRuntimeMissingError,
  WeightsCorruptError,
} from '../../../core/errors/local-errors';
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

/** What llama.cpp complained about since the last load began. It has one log for the process, which the first instance hears. */
const complaints: string[] = [];

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
    const llama = await startLlama(module, threads);
    try {
      const model = await llama.loadModel({ modelPath: path });
      const contextSize = Math.min(options.contextSize, model.trainContextSize);
      const context = await model.createContext({ sequences: count, contextSize, threads });
      const sequences = Array.from({ length: count }, () => context.getSequence());
      return new Runtime(llama, module, model, sequences, Math.min(contextSize, context.contextSize));
    } catch (error) {
      await llama.dispose();
      throw await loadError(module, path, error);
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

/** Starts llama.cpp on this processor. Throws `LocalRuntimeMissingError`. */
function startLlama(module: typeof NodeLlamaCpp, threads: number): Promise<Llama> {
  complaints.length = 0;
  return module
    .getLlama({
      build: 'never',
      gpu: false,
      // Warnings of llama.cpp are about tokenizer details; an error is told by the exception that follows it.
      logLevel: module.LlamaLogLevel.error,
      logger: (_level, message) => {
        complaints.push(message.trim());
      },
      maxThreads: threads,
    })
    .catch((cause: unknown) => {
      throw new LocalRuntimeMissingError({ cause });
    });
}

/** A model loaded to give vectors of texts. */
export interface VectorRuntime {
  /** The vector of a text; one at a time. */
  vector(text: string): Promise<readonly number[]>;
  /** Tokens of a text. */
  tokens(text: string): number;
  /** Most tokens of a text. */
  readonly contextSize: number;
  dispose(): Promise<void>;
}

/** Loads a model to give vectors. Throws `LocalRuntimeMissingError` or `LocalModelLoadError`. */
export async function loadVectorRuntime(
  path: string,
  options: Omit<RuntimeOptions, 'sequences'>,
): Promise<VectorRuntime> {
  const module = await importRuntime();
  const { threads = await idleCores() } = options;
  const llama = await startLlama(module, threads);
  try {
    const model = await llama.loadModel({ modelPath: path });
    const contextSize = Math.min(options.contextSize, model.trainContextSize);
    const context = await model.createEmbeddingContext({ contextSize, threads });
    return {
      vector: async (text) => (await context.getEmbeddingFor(text)).vector,
      tokens: (text) => context.calculateInputLength(text),
      contextSize,
      dispose: () => llama.dispose(),
    };
  } catch (error) {
    await llama.dispose();
    throw await loadError(module, path, error);
  }
}

/** Looks at the file itself when it does not load, since llama.cpp says why in its log at best. */
async function loadError(module: typeof NodeLlamaCpp, path: string, error: unknown): Promise<LocalModelError> {
  // It says first what is wrong, then several times that it failed.
  const reason = complaints.find((line) => line !== '') ?? (error instanceof Error ? error.message : String(error));
  const { size } = await stat(path);
  const header = await module
    .readGgufFileInfo(path, { sourceType: 'filesystem', logWarnings: false, spliceSplitFiles: false })
    .catch(() => undefined);
  const lastOffset = Math.max(0, ...(header?.tensorInfo ?? []).map(({ fileOffset }) => Number(fileOffset)));
  if (header === undefined) return new WeightsCorruptError(path, `its header is damaged or cut off (${reason})`);
  if (lastOffset >= size)
    return new WeightsCorruptError(path, `it is truncated (${size} bytes, data up to ${lastOffset})`);
  return new LocalModelLoadError(path, { cause: new Error(reason, { cause: error }) });
}

async function importRuntime(): Promise<typeof NodeLlamaCpp> {
  try {
    return await import('node-llama-cpp');
  } catch (cause) {
    throw new LocalRuntimeMissingError({ cause });
  }
}
