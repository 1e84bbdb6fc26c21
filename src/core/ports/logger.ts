/** A pino-shaped logger. Silent by default; prompts, completions, headers and secrets are never given to it. */
export abstract class Logger {
  abstract debug(details: object, message?: string): void;
  abstract info(details: object, message?: string): void;
  abstract warn(details: object, message?: string): void;
  abstract error(details: object, message?: string): void;
}

/** The default: says nothing. */
export class SilentLogger extends Logger {
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(): void {}
}
