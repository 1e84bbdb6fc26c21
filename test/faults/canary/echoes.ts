import type { FaultExchange } from 'dspex/testing';

/** Ways to fail in which the server gives back everything it was sent: the whole head and the path, with keys and all. */
export const ECHOES: Readonly<Record<string, (exchange: FaultExchange) => unknown>> = {
  ...Object.fromEntries(
    [400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 503, 529].map((status) => [
      `status ${status} in JSON`,
      (exchange: FaultExchange) => {
        const echo = echoOf(exchange);
        return exchange.reply(
          status,
          { error: { message: `bad: ${echo}`, code: echo, type: echo, status: echo, param: echo }, request_id: echo },
          { 'x-request-id': headersOf(exchange), 'retry-after': headersOf(exchange) },
        );
      },
    ]),
  ),
  'an empty account': (exchange) =>
    exchange.reply(429, { error: { code: 'insufficient_quota', message: echoOf(exchange) } }),
  'a full context window': (exchange) =>
    exchange.reply(400, { error: { message: `maximum context length is 8: ${echoOf(exchange)}` } }),
  'a page under 502': (exchange) =>
    exchange.reply(502, `<html>${escaped(echoOf(exchange))}</html>`, { 'content-type': 'text/html' }),
  'a page under 200': (exchange) => exchange.reply(200, `<html>${escaped(echoOf(exchange))}</html>`),
  'plain text under 200': (exchange) => exchange.reply(200, echoOf(exchange)),
  'an escaped path under 200': (exchange) => exchange.reply(200, `no such path: ${exchange.request.path}`),
  'slashes escaped': (exchange) =>
    exchange.reply(500, JSON.stringify({ error: echoOf(exchange) }).replaceAll('/', '\\/')),
  'nothing under 200': (exchange) => exchange.reply(200, ''),
  'half a JSON': (exchange) => exchange.reply(200, `{"choices": [{"message": {"content": "${echoOf(exchange)}`),
  'an error under 200': (exchange) =>
    exchange.reply(200, { error: { message: echoOf(exchange), code: echoOf(exchange) } }),
  'a wrong shape': (exchange) =>
    exchange.reply(200, { [echoOf(exchange)]: echoOf(exchange), choices: echoOf(exchange) }),
  'a redirect': (exchange) => exchange.reply(307, '', { location: `http://127.0.0.1:9/${headersOf(exchange)}` }),
  'no HTTP': async (exchange) => {
    await exchange.write(`HTTP/9.9 ${headersOf(exchange)}\r\n${headersOf(exchange)}\r\n\r\n`);
    exchange.end();
  },
  'a wrong chunk': async (exchange) => {
    await exchange.head(200, { 'transfer-encoding': 'chunked', 'x-echo': headersOf(exchange) });
    await exchange.write(`zz ${headersOf(exchange)}\r\n`);
    exchange.end();
  },
  'an unknown encoding': (exchange) =>
    exchange.reply(200, echoOf(exchange), { 'content-encoding': headersOf(exchange) }),
  'broken gzip': (exchange) => exchange.reply(200, echoOf(exchange), { 'content-encoding': 'gzip' }),
  'a reset': (exchange) => exchange.reset(),
  'half a body': async (exchange) => {
    await exchange.head(200, { 'content-length': '100000' });
    await exchange.write(echoOf(exchange));
    exchange.reset();
  },
  silence: (exchange) => exchange.pause(1000),
};

/** Ways for a stream to fail, with the same. */
export const STREAMED: Readonly<Record<string, (exchange: FaultExchange) => unknown>> = {
  'an error told in the stream': async (exchange) => {
    await exchange.stream();
    const error = { message: echoOf(exchange), code: echoOf(exchange), type: echoOf(exchange) };
    await exchange.event({ type: 'error', error }, 'error');
    await exchange.endChunks();
  },
  'events that are no JSON': async (exchange) => {
    await exchange.stream();
    await exchange.event(echoOf(exchange));
    await exchange.endChunks();
  },
  'a name of an event': async (exchange) => {
    await exchange.stream();
    await exchange.event({ type: echoOf(exchange) }, headersOf(exchange));
    await exchange.endChunks();
  },
  'a stream that stalls': async (exchange) => {
    await exchange.stream({ 'x-echo': headersOf(exchange) });
    await exchange.chunk(`: ${headersOf(exchange)}\n\n`);
    await exchange.pause(1000);
  },
  'a stream that is cut': async (exchange) => {
    await exchange.stream();
    await exchange.chunk(`data: {"x": "${headersOf(exchange)}`);
    exchange.reset();
  },
};

function echoOf({ request }: FaultExchange): string {
  return `${request.path} ${Object.entries(request.headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ')}`;
}

function headersOf({ request }: FaultExchange): string {
  return Object.values(request.headers).join(' ');
}

function escaped(page: string): string {
  return page.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
