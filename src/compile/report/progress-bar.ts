import { Format, SingleBar } from 'cli-progress';
import type { ProgressSink, ProgressState } from '../evaluate/progress-sink';

/** Off a terminal a line is written for every tenth of the rows. */
const LINES = 10;

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
      const filled = Format.BarFormat?.(params.progress, options) ?? '';
      return `${label} ${filled} ${progressText(payload.state)}`;
    },
  });
  return {
    start: (state) => bar.start(state.total, 0, { state }),
    update: (state) => bar.update(state.done, { state }),
    stop: (state) => {
      bar.update(state.done, { state });
      bar.stop();
    },
  };
}

function plainLines(label: string, stream: NodeJS.WritableStream): ProgressSink {
  let written = 0;
  const write = (state: ProgressState) => {
    const step = Math.floor((LINES * state.done) / Math.max(1, state.total));
    if (step <= written) return;
    written = step;
    stream.write(`${label} ${progressText(state)}\n`);
  };
  return {
    start: () => undefined,
    update: write,
    stop: (state) => {
      if (written < LINES) stream.write(`${label} ${progressText(state)}\n`);
    },
  };
}

/** `12/60, score 41.67, 1 failed, 3 s left`. */
export function progressText(state: ProgressState): string {
  const parts = [
    `${state.done}/${state.total}`,
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
