import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DspexError, LM } from 'dspex';
import { inject } from 'inversify';
import { Tenants } from './tenants';
import { Triage } from './triage';

const LONGEST_BODY = 100_000;

/** `POST /tickets` with the header `x-tenant` and the ticket as text: its queue and a reply, as JSON. */
export class HttpService {
  private readonly server: Server;

  constructor(@inject(Tenants) private readonly tenants: Tenants) {
    this.server = createServer((request, response) => {
      this.answer(request).then(
        ({ status, body }) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        (error: unknown) => {
          console.error(String(error));
          response.writeHead(500).end();
        },
      );
    });
  }

  /** Starts to listen; 0 takes a free port. Returns the URL. */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    if (request.method !== 'POST' || request.url !== '/tickets')
      return { status: 404, body: { error: 'POST /tickets' } };
    const tenant = String(request.headers['x-tenant'] ?? '');
    const container = this.tenants.find(tenant);
    if (container === undefined) return { status: 403, body: { error: `no tenant '${tenant}'` } };
    const ticket = await textOf(request);
    if (ticket === '' || ticket.length >= LONGEST_BODY)
      return { status: 400, body: { error: 'send the ticket as text' } };
    try {
      const { queue, reply } = await container.get(Triage).call({ ticket }, { deadlineMs: 30_000 });
      return { status: 200, body: { tenant, model: container.get(LM).model, queue, reply } };
    } catch (error) {
      if (!(error instanceof DspexError)) throw error;
      console.error(error.message);
      return { status: 502, body: { error: error.code } };
    }
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length >= LONGEST_BODY) break;
  }
  return text;
}
