import { Format, SingleBar } from 'cli-progress';
import type { ProgressSink, ProgressState } from '../evaluate/progress-sink';

/** Off a terminal a line is written for every tenth of the rows; where nobody knows how many there are, each time they have doubled. */
const LINES = 10;
/** From so many rows on. */
const FIRST_LINE = 100;

/**
 * Shows the progress of an evaluation on standard error: a bar with running score, failures and time left on a
 * terminal, plain lines elsewhere. The only user of cli-progress.
 */
export function progressBar(label = 'Evaluate', stream: NodeJS.WriteStream = process.stderr): ProgressSink {
  return stream.isTTY ? terminalBar(label, stream) : plainLines(label, stream);
}

function terminalBar(label: string, stream: NodeJS.WriteStream): ProgressSink {
  const bar = new SingleBar({
    stream,
    hideCursor: null,
    // Without it cli-progress listens to signals and keeps them after the bar has ended.
    gracefulExit: false,
    format: (options, params, payload: { readonly state: ProgressState }) => {
      const { state } = payload;
      const filled = Number.isFinite(state.total) ? `${Format.BarFormat?.(params.progress, options) ?? ''} ` : '';
      return `${label} ${filled}${progressText(state)}`;
    },
  });
  return {
    start: (state) => bar.start(Number.isFinite(state.total) ? state.total : 0, 0, { state }),
    update: (state) => bar.update(state.done, { state }),
    stop: (state) => {
      bar.update(state.done, { state });
      bar.stop();
    },
  };
}

function plainLines(label: string, stream: NodeJS.WritableStream): ProgressSink {
  let written = 0;
  let whole = false;
  const write = (state: ProgressState) => {
    const step = lineOf(state);
    if (step <= written) return;
    written = step;
    whole = state.done === state.total;
    stream.write(`${label} ${progressText(state)}\n`);
  };
  return {
    start: () => undefined,
    update: write,
    stop: (state) => {
      if (!whole) stream.write(`${label} ${progressText(state)}\n`);
    },
  };
}

/** How many lines should be there by now. */
function lineOf({ done, total }: ProgressState): number {
  if (Number.isFinite(total)) return Math.floor((LINES * done) / Math.max(1, total));
  return done < FIRST_LINE ? 0 : 1 + Math.floor(Math.log2(done / FIRST_LINE));
}

/** `12/60, score 41.67, 1 failed, 3 s left`; without the number of rows where nobody knows it. */
export function progressText(state: ProgressState): string {
  const parts = [
    Number.isFinite(state.total) ? `${state.done}/${state.total}` : `${state.done}`,
    `score ${state.score}`,
    state.failures === 0 ? '' : `${state.failures} failed`,
    state.unavailable === 0 ? '' : `${state.unavailable} unavailable`,
    state.done >= state.total
      ? `${seconds(state.elapsedMs)} in all`
      : state.etaMs === undefined
        ? ''
        : `${seconds(state.etaMs)} left`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function seconds(ms: number): string {
  return ms < 9_950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
