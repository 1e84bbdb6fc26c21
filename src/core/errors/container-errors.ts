import { DspexError } from './dspex-error';

/** A program class cannot be constructed by a container: nothing says what its constructor parameters are. */
export class ProgramNotInjectableError extends DspexError {
  readonly code = 'PROGRAM_NOT_INJECTABLE';

  constructor(program: string, parameters: number, cause: unknown) {
    super(
      `The container cannot construct the program '${program}': its constructor takes ${parameters} ` +
        `${parameters === 1 ? 'parameter' : 'parameters'}, and nothing says what to inject. Write the token before each, ` +
        `for example constructor(@inject(Retriever) private readonly retriever: Retriever), ` +
        `or decorate the class with @injectable() and compile with "emitDecoratorMetadata": true.`,
      { cause },
    );
  }
}

/** `programs(...)` was given something that is not a class derived from `Module`. */
export class NotAProgramError extends DspexError {
  readonly code = 'NOT_A_PROGRAM';

  constructor(given: unknown) {
    const shown = typeof given === 'function' ? `the class '${given.name}'` : `a value of type ${typeof given}`;
    super(
      `programs() takes classes that extend Module; it was given ${shown}. Bind other services with container.bind().`,
    );
  }
}

/** A container has a binding for a setting, but could not supply it. */
export class ContainerLookupError extends DspexError {
  readonly code = 'CONTAINER_LOOKUP';

  constructor(token: string, named: string | undefined, problem: string, cause?: unknown) {
    const which = named === undefined ? token : `${token} named '${named}'`;
    super(
      `The container could not supply ${which} to a program: ${problem}. A program looks settings up at each call, so ` +
        `bind exactly one ${which}, as a constant or in singleton scope; a binding that is made asynchronously must have ` +
        `been awaited once before, by container.getAsync(${token}).`,
      { cause },
    );
  }
}
