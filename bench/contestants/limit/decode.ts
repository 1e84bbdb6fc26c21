import type { OpenWorkload } from '../../harness/workload';
import { contentOf, digestOf, streamedAnswer, throughput } from '../streamed-bytes';
import { textOf } from '../task';

// Its package offers its TypeScript under the same condition as ours, so an import would check its sources by our rules.
const { createParser } = require('eventsource-parser') as {
  createParser: (callbacks: { onEvent: (event: { data: string }) => void }) => { feed: (text: string) => void };
};

const { chunks, bytes } = streamedAnswer();

function decode(take: (data: string) => void): void {
  const text = new TextDecoder();
  const parser = createParser({ onEvent: ({ data }) => take(data) });
  for (const chunk of chunks) parser.feed(text.decode(chunk, { stream: true }));
}

/** The text between the markers, told as soon as it cannot be the beginning of a marker. */
function routed(tell: (text: string) => void): (piece: string) => void {
  let open = false;
  let kept = '';
  return (piece) => {
    kept += piece;
    if (!open) {
      const at = kept.indexOf('[[ ## answer ## ]]\n');
      if (at < 0) return;
      open = true;
      kept = kept.slice(at + 19);
    }
    const end = kept.search(/\s*(?:\[|$)/u);
    if (end > 0) tell(kept.slice(0, end));
    kept = kept.slice(end);
  };
}

/** eventsource-parser, and for `fields` `JSON.parse` and a search for the marker. */
export const openDecode: OpenWorkload = async (params) => {
  const to = textOf(params, 'to');
  const way = (found?: string[]) => {
    if (to === 'events') {
      decode((data) => void found?.push(data));
      return;
    }
    let whole = '';
    const route = routed((text) => {
      whole += text;
    });
    decode((data) => route(contentOf(data) ?? ''));
    found?.push(whole);
  };
  await throughput(bytes, way);
  return {
    outputs: () => {
      const found: string[] = [];
      way(found);
      return digestOf(found);
    },
    round: () => throughput(bytes, way),
  };
};
