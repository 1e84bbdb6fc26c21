import { expect } from 'vitest';
import { LMTransportError } from '../../../../src/core/errors/lm-errors';
import { ask, failureOf, triesThrice } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

/** A resolver that fails with this code, and counts. */
function failing(code: string) {
  const asked: string[] = [];
  const lookup = (hostname: string, _: unknown, callback: (error: NodeJS.ErrnoException, address: string) => void) => {
    asked.push(hostname);
    process.nextTick(callback, Object.assign(new Error(`${code} ${hostname}`), { code }), '');
  };
  return { asked, lookup };
}

faultRow(2, 'the name of the host does not exist: tried once more', async (context) => {
  const { asked, lookup } = failing('ENOTFOUND');
  const error = await failureOf(ask(triesThrice(context, 'http://api.invalid/v1', { lookup })));
  expect(error).toBeInstanceOf(LMTransportError);
  expect(error.details.providerCode).toBe('ENOTFOUND');
  expect(asked).toEqual(['api.invalid', 'api.invalid']);
  expect(error.attempts).toBe(2);
  return { happened: 'LMTransportError (ENOTFOUND) after 2 look-ups', attempts: asked.length };
});

faultRow(2, 'the name cannot be looked up now: tried like any broken connection', async (context) => {
  const { asked, lookup } = failing('EAI_AGAIN');
  const error = await failureOf(ask(triesThrice(context, 'http://api.invalid/v1', { lookup })));
  expect(error).toBeInstanceOf(LMTransportError);
  expect(error.details.providerCode).toBe('EAI_AGAIN');
  expect(asked).toHaveLength(3);
  expect(error.attempts).toBe(3);
  return { happened: 'LMTransportError (EAI_AGAIN) after 3 look-ups', attempts: asked.length };
});
