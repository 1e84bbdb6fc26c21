import type { DspexErrorOptions } from './dspex-error';
import { LMError } from './lm-errors';

/** The local model could not be reached, so the failure tells nothing about the program; asking again does not help. */
export abstract class LocalModelError extends LMError {
  readonly retryable = false;
  readonly outage = true;
}

/** The optional package that runs local models is not installed, or does not load on this machine. */
export class LocalRuntimeMissingError extends LocalModelError {
  readonly code = 'LOCAL_RUNTIME_MISSING';

  constructor(options: DspexErrorOptions = {}) {
    const reason = options.cause instanceof Error ? ` (${firstLine(options.cause.message)})` : '';
    super(
      `LocalLM needs the package node-llama-cpp, which could not be loaded${reason}. ` +
        'Install it with: npm install node-llama-cpp@3',
      options,
    );
  }
}

/** The path given to LocalLM names no file. */
export class ModelFileNotFoundError extends LocalModelError {
  readonly code = 'MODEL_FILE_NOT_FOUND';

  constructor(given: string, resolved: string) {
    super(
      `LocalLM: there is no model file '${given}' (looked at ${resolved}). Give the path of a .gguf file, a model-hub URI ` +
        `such as 'hf:user/model/file.gguf', or nothing for the default model.`,
    );
  }
}

/** A weights file is truncated, damaged, or no GGUF file at all. */
export class WeightsCorruptError extends LocalModelError {
  readonly code = 'WEIGHTS_CORRUPT';

  constructor(path: string, problem: string, options: DspexErrorOptions = {}) {
    super(`The weights file ${path} cannot be used: ${problem}. Delete it and fetch or copy it again.`, options);
  }
}

/** One source of weights that was tried, and why it gave none. */
export interface FailedSource {
  readonly source: string;
  readonly reason: string;
}

/** No source gave the weights. */
export class WeightsUnavailableError extends LocalModelError {
  readonly code = 'WEIGHTS_UNAVAILABLE';
  /** Every source in the order in which it was tried. */
  readonly tried: readonly FailedSource[];

  constructor(name: string, tried: readonly FailedSource[], byHand: string) {
    const list = tried.map(({ source, reason }, index) => `  ${index + 1}. ${source}: ${reason}`).join('\n');
    super(`The weights of ${name} could not be had. Tried:\n${list}\nBy hand: ${byHand}`);
    this.tried = tried;
  }
}

/** The file is there, but the runtime could not load it. */
export class LocalModelLoadError extends LocalModelError {
  readonly code = 'LOCAL_MODEL_LOAD';

  constructor(path: string, options: DspexErrorOptions = {}) {
    const reason = options.cause instanceof Error ? firstLine(options.cause.message) : String(options.cause);
    super(
      `The model ${path} could not be loaded: ${reason}. The file may be truncated or of a kind this node-llama-cpp does ` +
        'not know, or there is too little memory (fewer `sequences` or a smaller `contextSize` need less).',
      options,
    );
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
