import { type MockServer, startMockServer } from 'dspex/testing';
import type { TenantModel } from './tenants';

/** A server that speaks OpenAI's protocol and signs its replies, in place of the model a tenant would pay for. */
export async function standInModel(
  name: string,
  signature: string,
): Promise<{ model: TenantModel; server: MockServer }> {
  const server = await startMockServer({
    respond: ({ messages }) => {
      const ticket = JSON.stringify(messages?.at(-1) ?? '').toLowerCase();
      const queue = /invoice|refund|charge/.test(ticket)
        ? 'billing'
        : /crash|error|slow/.test(ticket)
          ? 'technical'
          : 'other';
      const reply = `Thank you, the ${queue} team has your ticket. ${signature}`;
      return `[[ ## queue ## ]]\n${queue}\n\n[[ ## reply ## ]]\n${reply}\n\n[[ ## completed ## ]]`;
    },
  });
  return { model: { model: name, baseUrl: server.url }, server };
}
