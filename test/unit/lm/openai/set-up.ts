import { OpenAICompatible } from 'dspex/clients';
import { type MockScript, startMockServer } from 'dspex/testing';
import { afterEach, vi } from 'vitest';

/** What the tests of this client ask. */
export const QUESTION = [{ role: 'user', content: 'one two three' }] as const;
/** Closed after each test. */
export const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const thing of open.splice(0)) await thing.close();
});

/** A mock server, a bare client of it, and a way to ask. */
export async function setUp(respond?: MockScript, options: object = {}) {
  const server = await startMockServer(respond === undefined ? {} : { respond });
  const client = new OpenAICompatible({ model: 'm', baseUrl: server.url, ...options });
  open.push(client, server);
  const ask = (own: object = {}) => client.generate(client.createRequest(QUESTION, own));
  return { server, client, ask };
}
