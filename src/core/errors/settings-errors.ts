import { DspexError } from './dspex-error';

/** A predictor was called and no level of the settings supplies a language model. */
export class LMNotConfiguredError extends DspexError {
  readonly code = 'LM_NOT_CONFIGURED';

  constructor() {
    super(
      'No language model is configured. Supply one in any of these ways: ' +
        "configure({ lm: lm('openai/gpt-5-mini') }) once at the start of the application; " +
        'context({ lm }, () => program.call(...)) for one piece of work; program.setLM(lm) for one program; ' +
        "bind LM in the container the program comes from; or set DSPEX_LM, for example 'openai/gpt-5-mini'.",
    );
  }
}

/** An LM was asked for by a name that the program's container does not know. */
export class UnknownLMNameError extends DspexError {
  readonly code = 'UNKNOWN_LM_NAME';

  constructor(name: string, home: string | undefined) {
    super(
      home === undefined
        ? `The LM '${name}' is given by name, but this program comes from no container, which is where names are looked ` +
            `up. Give the LM object itself, for example context({ lm: lm('openai/gpt-5-mini') }, ...).`
        : `${home} has no LM named '${name}'. Bind it: container.bind(LM).toConstantValue(...).whenNamed('${name}').`,
    );
  }
}

/** A model is known by name only, and nothing here makes LMs from names. */
export class UnknownModelError extends DspexError {
  readonly code = 'UNKNOWN_MODEL';

  constructor(name: string) {
    super(
      `The LM '${name}' cannot be made from its name, because no client was registered. ` +
        "Import the package by its main entry ('dspex'), or call setEnvironmentLM((name) => ...).",
    );
  }
}

/** No level supplies an adapter; only code that uses settings without predictors can see it. */
export class AdapterNotConfiguredError extends DspexError {
  readonly code = 'ADAPTER_NOT_CONFIGURED';

  constructor() {
    super(
      'No adapter is configured. Import the package by its main entry, or configure({ adapter: new ChatAdapter() }).',
    );
  }
}
