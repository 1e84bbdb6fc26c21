import { DspexError } from '../../../core/errors/dspex-error';
import { isRetryable } from '../../../core/errors/lm-errors';

/**
 * A stream as server-sent events, for an HTTP handler: `new Response(toServerSentEvents(program.stream(inputs)))`, or piece by
 * piece into a Node response. Each event has its type as name and its members as JSON. Reading goes at the client's pace;
 * cancelling, as happens when the client leaves, aborts the call. A failure is the last event, `error`, with its code and nothing
 * of its message, which may quote prompts; so the events `status` and `restart` go without their `problem`.
 */
export function toServerSentEvents<E extends { readonly type: string }>(
  stream: AsyncIterable<E>,
): ReadableStream<Uint8Array> {
  const events = stream[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await events.next();
          if (next.done === true) controller.close();
          else controller.enqueue(encoder.encode(told(next.value.type, withoutProblem(next.value))));
        } catch (error) {
          controller.enqueue(encoder.encode(told('error', outline(error))));
          controller.close();
          // A result that is no JSON fails here: nobody reads on.
          await events.return?.();
        }
      },
      async cancel() {
        await events.return?.();
      },
    },
    // Nothing is fetched ahead: whoever is slow holds the model back.
    { highWaterMark: 0 },
  );
}

function told(name: string, data: unknown): string {
  const text = JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return `event: ${name}\ndata: ${text}\n\n`;
}

function withoutProblem<E extends { readonly type: string }>(event: E): object {
  if (event.type !== 'status' && event.type !== 'restart') return event;
  const { problem, ...others } = event as E & { readonly problem?: unknown };
  return others;
}

function outline(error: unknown): Readonly<Record<string, unknown>> {
  return { code: error instanceof DspexError ? error.code : 'ERROR', retryable: isRetryable(error) };
}
