import type { LM } from 'dspex';
import { Anthropic, AzureOpenAI, Gemini, OpenAICompatible, OpenAIResponses } from 'dspex/clients';

/** Each of them is a secret, and each has the canary in every part of it. The signs are those that JSON, URLs and pages rewrite. */
export const SECRETS = {
  apiKey: 'sk-canary/key"quoted"&<7f3a>',
  headers: {
    'x-gateway-token': 'canary-custom-header-91ab',
    cookie: 'session=canary-cookie-55e1; other=canary-cookie-aa07',
    'x-two': 'Bearer canary-second-bearer+99/x=',
  },
  query: { token: 'canary query & token ü', 'sub key': 'canary-subscription-key' },
} as const;

/** Finds a canary, plain or in base64 at any of its three offsets. */
export const CANARY = /canary|Y2FuYXJ5|NhbmFye|jYW5hcn/iu;

/** Every kind of client, each with its own way to send the key. */
export const CLIENTS: Readonly<Record<string, (baseUrl: string, further?: object) => LM>> = {
  OpenAICompatible: (baseUrl, further) =>
    new OpenAICompatible({ model: 'm', baseUrl, ...SECRETS, ...short, ...further }),
  OpenAIResponses: (baseUrl, further) => new OpenAIResponses({ model: 'm', baseUrl, ...SECRETS, ...short, ...further }),
  AzureOpenAI: (baseUrl, further) => new AzureOpenAI({ model: 'm', baseUrl, ...SECRETS, ...short, ...further }),
  Anthropic: (baseUrl, further) => new Anthropic({ model: 'm', baseUrl, ...SECRETS, ...short, ...further }),
  Gemini: (baseUrl, further) => new Gemini({ model: 'm', baseUrl, ...SECRETS, ...short, ...further }),
};

const short = { deadlineMs: 2000, firstByteMs: 150, idleMs: 150 };

const text = '[[ ## a ## ]]\nyes\n\n[[ ## completed ## ]]';

/** A proper answer to a request of any of these clients, by its path. */
export function answerTo(path: string): unknown {
  if (path.includes('generateContent')) {
    return { candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP' }] };
  }
  if (path.includes('/messages')) {
    return {
      id: 'x',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
    };
  }
  if (path.includes('/responses')) {
    return {
      ...{ id: 'x', object: 'response', model: 'm', status: 'completed' },
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }],
    };
  }
  return {
    id: 'x',
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  };
}
