import type { RunEvent } from '../runs/run-events';

const CLEAR_LINE = '\r\u001b[2K';

/**
 * Shows a run while it goes on, on standard error: on a terminal one live line, which is kept where a candidate was
 * scored; elsewhere a line for each phase and candidate. Returns when the run has ended; a failure is `result`'s to tell.
 */
export async function followRun(
  run: { readonly events: AsyncIterable<RunEvent> },
  stream: NodeJS.WriteStream = process.stderr,
): Promise<void> {
  const place: RunPlace = {};
  for await (const event of run.events) {
    const text = runText(event, place);
    const lasting = event.kind === 'candidate' || event.kind === 'ended';
    if (stream.isTTY) stream.write(`${CLEAR_LINE}${text}${lasting ? '\n' : ''}`);
    else if (lasting || event.kind === 'phase') stream.write(`${text}\n`);
  }
}

/** What earlier events said about where a run is; `runText` keeps it up to date. */
export interface RunPlace {
  phase?: string;
  where?: string;
}

/** One event as a line: `candidate 3 of 19, bootstrapping demos: 2 of 4 demos, 7 calls`. */
export function runText(event: RunEvent, place: RunPlace = {}): string {
  if (event.kind === 'phase' || event.kind === 'candidate') {
    place.where = event.of === undefined ? '' : `candidate ${event.candidate} of ${event.of}`;
  }
  if (event.kind === 'phase') place.phase = event.phase;
  const lead = [place.where, event.kind === 'candidate' ? '' : place.phase].filter((part) => part).join(', ');
  const rest = [...details(event), callsText(event)].join(', ');
  return lead === '' || event.kind === 'ended' ? rest : `${lead}: ${rest}`;
}

function details(event: RunEvent): string[] {
  switch (event.kind) {
    case 'started':
      return [`${event.predictors.length} predictors, ${event.trainset} rows`];
    case 'phase':
      return [];
    case 'bootstrap':
      return [`${event.demos} of ${event.wanted} demos`];
    case 'row':
      return [`${event.done}/${event.total}`, `score ${event.score}`];
    case 'candidate': {
      const score = event.score === undefined ? 'no score' : `score ${event.score}`;
      return event.best === undefined ? [score] : [score, `best ${event.best.score}`];
    }
    case 'ended':
      return [event.state];
  }
}

function callsText({ usage, atMs }: RunEvent): string {
  const cached = usage.cachedCalls === 0 ? '' : ` and ${usage.cachedCalls} cached`;
  return `${usage.calls} calls${cached}, ${(atMs / 1000).toFixed(1)} s`;
}
