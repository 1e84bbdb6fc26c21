import { monotonicMs } from '../../../../core/util/clock';
import type { WeightsEvent } from './weights-source';

const PLAIN_LINE_EVERY_MS = 5000;

/** What a reporter writes to; `process.stderr` is one. */
export interface ReportStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Tells a person how the fetching of weights goes: one live line on a terminal, a plain line every few seconds elsewhere. */
export function weightsReporter(stream: ReportStream = process.stderr): (event: WeightsEvent) => void {
  let lineOpen = false;
  let lastPlain = monotonicMs();
  const line = (text: string) => {
    stream.write(`${lineOpen ? '\n' : ''}${text}\n`);
    lineOpen = false;
  };
  return (event) => {
    if (event.kind === 'fetching') {
      const { bytes, fileName } = event.weights;
      const size = bytes === undefined ? '' : ` (${megabytes(bytes)})`;
      line(`Fetching ${fileName}${size} from ${event.source} ...`);
    } else if (event.kind === 'progress') {
      const total = event.totalBytes === undefined ? '' : ` of ${megabytes(event.totalBytes)}`;
      const text = `  ${megabytes(event.bytes)}${total}`;
      if (stream.isTTY === true) {
        stream.write(`\r${text}   `);
        lineOpen = true;
      } else if (monotonicMs() - lastPlain >= PLAIN_LINE_EVERY_MS) {
        lastPlain = monotonicMs();
        line(text);
      }
    } else if (event.kind === 'failed') {
      line(`  not from ${event.source}: ${event.reason}`);
    } else if (event.kind === 'damaged') {
      line(`The weights file ${event.path} is damaged (${event.problem}); fetching it again.`);
    } else {
      const { weights } = event;
      const checked = weights.sha256 === undefined ? 'not checked against a known SHA-256' : 'SHA-256 checked';
      line(`  ${weights.origin}; licence: ${weights.licence}; ${checked}; kept as ${event.path}`);
    }
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
