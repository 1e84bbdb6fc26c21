import 'reflect-metadata';
import { Citations, context, Document, Input, Output, Predict, Signature } from 'dspex';
import { Anthropic } from 'dspex/clients';
import { startFaultServer } from 'dspex/testing';
import { expect, test } from 'vitest';

class Cite extends Signature {
  @Input() readonly source!: Document;
  @Input() readonly question!: string;
  @Output() answer!: string;
  @Output() quotes!: Citations;
}

test('quotations that Claude gives beside its answer fill a field, and pages of a PDF are left out', async () => {
  const place = { cited_text: 'The sky is blue.', document_index: 0, document_title: null };
  const citations = [
    { type: 'char_location', ...place, start_char_index: 0, end_char_index: 16 },
    { type: 'page_location', ...place, start_page_number: 1, end_page_number: 2 },
  ];
  const text = '[[ ## answer ## ]]\nblue\n\n[[ ## completed ## ]]';
  await using server = await startFaultServer((exchange) =>
    exchange.reply(200, { content: [{ type: 'text', text, citations }], stop_reason: 'end_turn' }),
  );
  await using lm = new Anthropic({ model: 'claude-sonnet-4-5', baseUrl: server.url });
  const inputs = { source: new Document('The sky is blue.'), question: 'What colour?' };
  const { answer, quotes } = await context({ lm }, () => new Predict(Cite).call(inputs));
  expect(answer).toBe('blue');
  expect(quotes.citations).toEqual([
    {
      type: 'char_location',
      citedText: 'The sky is blue.',
      documentIndex: 0,
      startCharIndex: 0,
      endCharIndex: 16,
      supportedText: text,
    },
  ]);
  const sent = JSON.parse(server.requests[0]?.body ?? '{}') as { messages: { content: { type: string }[] }[] };
  expect(sent.messages[0]?.content).toContainEqual({
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: 'The sky is blue.' },
    citations: { enabled: true },
  });
});
