/** Where a command writes: answers and help to `out`, errors to `err`. Texts bring their own line ends. */
export interface CommandOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** What a command is given: the words after its name, options taken out of them. */
export interface CommandArguments {
  readonly words: readonly string[];
  readonly json: boolean;
}

/** A command of `dspex`. Its code is loaded when it is run, so that `dspex --help` loads none. */
export interface Command {
  readonly name: string;
  /** The words it takes, as help shows them; each is required. */
  readonly takes: readonly string[];
  /** One line for `dspex --help`. */
  readonly summary: string;
  /** The rest of `dspex NAME --help`. */
  readonly details: string;
  /** Runs it and gives what it says. Throws a `DspexError` when it fails. */
  readonly run: (given: CommandArguments) => Promise<string>;
}
