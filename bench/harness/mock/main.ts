// The mock server: an endpoint like OpenAI's that answers the last `number N` of a request after some milliseconds.
// As light as node:http allows, for it shares the machine with what is measured: texts are written as JSON once a model, requests
// are searched and not parsed. GET /count says how many requests it has answered, and for how much processor time.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOf } from './answers';

const latencyMs = Number(process.argv[2] ?? 0);
let requests = 0;

/** How a model answers: a whole body around the number, or pieces of a stream. */
interface Model {
  readonly whole: (number: string) => string;
  readonly pieces: (number: string) => string[];
}

const models = new Map<string, Model>();

function modelOf(name: string): Model {
  let model = models.get(name);
  if (model === undefined) {
    model = makeModel(name);
    models.set(name, model);
  }
  return model;
}

function makeModel(name: string): Model {
  const { head, tail, pieces } = answerOf(name);
  const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
  const message = { role: 'assistant', content: `${head}#NUMBER#${tail}` };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  const body = { id: 'mock-1', object: 'chat.completion', created: 1, model: name, choices, usage };
  const [before = '', after = ''] = JSON.stringify(body).split('#NUMBER#');
  const event = (delta: object, finish: string | null) => {
    const parts = [{ index: 0, delta, finish_reason: finish }];
    const chunk = { id: 'mock-1', object: 'chat.completion.chunk', created: 1, model: name, choices: parts };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  };
  return {
    whole: (number) => before + number + after,
    pieces: (number) => {
      const text = head + number + tail;
      const size = Math.ceil(text.length / pieces);
      const cut = Array.from({ length: pieces }, (_, index) => text.slice(index * size, (index + 1) * size));
      const [first = '', ...rest] = cut.filter((piece) => piece !== '');
      const deltas = [
        event({ role: 'assistant', content: first }, null),
        ...rest.map((content) => event({ content }, null)),
      ];
      return [...deltas, event({}, 'stop'), 'data: [DONE]\n\n'];
    },
  };
}

/** The digits after the last `number ` that has some. */
function lastNumber(body: string): string {
  for (let at = body.lastIndexOf('number '); at >= 0; at = at === 0 ? -1 : body.lastIndexOf('number ', at - 1)) {
    let end = at + 7;
    while (body.charCodeAt(end) >= 48 && body.charCodeAt(end) <= 57) end += 1;
    if (end > at + 7) return body.slice(at + 7, end);
  }
  return '0';
}

function answer(body: string, response: ServerResponse): void {
  const model = modelOf(/"model":\s*"([^"]*)"/u.exec(body)?.[1] ?? 'mock');
  const number = lastNumber(body);
  requests += 1;
  if (!/"stream":\s*true/u.test(body)) {
    const whole = Buffer.from(model.whole(number));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length }).end(whole);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  // Each in a turn of its own, so that each is a chunk on the wire.
  const pieces = model.pieces(number);
  const next = (index: number): void => {
    if (index === pieces.length) response.end();
    else response.write(pieces[index], () => setImmediate(next, index + 1));
  };
  next(0);
}

function receive(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/count') {
    const { user, system } = process.cpuUsage();
    response.end(JSON.stringify({ requests, cpuUs: user + system }));
    return;
  }
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (text: string) => {
    body += text;
  });
  request.once('end', () => {
    if (latencyMs > 0) setTimeout(answer, latencyMs, body, response);
    else answer(body, response);
  });
}

const server = createServer({ keepAliveTimeout: 0, noDelay: true }, receive);
server.maxConnections = 20_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 16_384 }, () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1\n`);
});
// The harness is gone.
process.stdin.resume().once('end', () => process.exit());
