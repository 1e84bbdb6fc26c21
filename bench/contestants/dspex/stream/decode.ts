import { type CallScope, type LMRequest, type LMResponse, NO_USAGE, Predict, specOf, stream } from 'dspex';
import { ChatAdapter, PartialAnswer } from 'dspex/adapters';
import { EventDecoder } from 'dspex/clients';
import type { OpenWorkload } from '../../../harness/workload';
import { contentOf, digestOf, streamedAnswer, throughput } from '../../streamed-bytes';
import { ASKED, textOf } from '../../task';
import { InstantLM } from '../instant-lm';

const { chunks, bytes } = streamedAnswer();

function decode(take: (data: string) => void): void {
  const decoder = new EventDecoder();
  for (const chunk of chunks) for (const event of decoder.push(chunk)) take(event.data);
}

/** Says what is in the bytes, piece by piece. */
class ReplayingLM extends InstantLM {
  override async generate(_?: LMRequest, { onDelta }: CallScope = {}): Promise<LMResponse> {
    const decoder = new EventDecoder();
    let text = '';
    for (const chunk of chunks) {
      for (const { data } of decoder.push(chunk)) {
        const piece = contentOf(data);
        if (piece === undefined) continue;
        text += piece;
        const taken = onDelta?.({ index: 0, text: piece });
        if (taken !== undefined) await taken;
      }
    }
    return {
      model: this.model,
      completions: [{ text, finishReason: 'stop' }],
      usage: NO_USAGE,
      cached: false,
      attempts: 1,
    };
  }
}

const spec = specOf(ASKED);
const adapter = new ChatAdapter();
const program = new Predict(ASKED);
const lm = new ReplayingLM();

/** Three lengths of the same way; each gives the texts it found. */
const WAYS: Readonly<Record<string, (found?: string[]) => void | Promise<void>>> = {
  events: (found) => decode((data) => void found?.push(data)),
  fields: (found) => {
    const answer = new PartialAnswer(adapter, spec);
    let whole = '';
    decode((data) => {
      for (const { field, text } of answer.push(contentOf(data) ?? '')) if (field === 'answer') whole += text;
    });
    found?.push(whole);
  },
  stream: async (found) => {
    let whole = '';
    for await (const event of stream(program, { question: 'Why?' }, { lm })) {
      if (event.type === 'field-delta') whole += event.text;
    }
    found?.push(whole);
  },
};

/** Server-sent events out of bytes, and as far as `to`: the events, the text of fields by an adapter, or the events of `stream`. */
export const openDecode: OpenWorkload = async (params) => {
  const way = WAYS[textOf(params, 'to')];
  if (way === undefined) throw new Error(`There is no way to '${textOf(params, 'to')}'.`);
  await throughput(bytes, way);
  return {
    outputs: async () => {
      const found: string[] = [];
      await way(found);
      return digestOf(found);
    },
    round: () => throughput(bytes, way),
  };
};
