import { Adapter, ChatAdapter } from 'dspex/adapters';
import { describe, expect, it } from 'vitest';
import { fieldSpec } from '../../../src/core/signatures/field-spec';
import { SignatureSpec } from '../../../src/core/signatures/signature-spec';
import { STR } from '../../../src/core/signatures/type-spec';
import { repairMessages } from '../../../src/lm/adapters/repair-messages';

const spec = new SignatureSpec({
  fields: [fieldSpec({ name: 'q', role: 'input', type: STR }), fieldSpec({ name: 'a', role: 'output', type: STR })],
});

describe('a corrective prompt', () => {
  it("shows the model its answer, what was wrong, and the adapter's own words for the layout", () => {
    const adapter = new ChatAdapter();
    const [answer, request] = repairMessages(spec, adapter, 'no idea', 'the field a is missing');
    expect(answer).toEqual({ role: 'assistant', content: 'no idea' });
    expect(request?.role).toBe('user');
    expect(request?.content).toContain('the field a is missing');
    expect(request?.content).toContain(adapter.reminder(spec));
  });

  it('keeps head and tail of a runaway answer and never sends an empty turn', () => {
    const [long] = repairMessages(spec, new ChatAdapter(), `head${'x'.repeat(100_000)}tail`, 'too long');
    expect(String(long?.content).length).toBeLessThan(9000);
    expect(long?.content).toMatch(/^head[\s\S]*characters left out[\s\S]*tail$/);
    expect(repairMessages(spec, new ChatAdapter(), ' \n', 'empty')[0]?.content).toBe('(no answer)');
  });

  it('works for an adapter of any kind', () => {
    class Plain extends Adapter {
      readonly name = 'Plain';
      override format = () => [];
      override parse = () => ({});
    }
    expect(repairMessages(spec, new Plain(), 'x', 'y')[1]?.content).toContain('layout that was asked for above');
  });
});
