import { context, Predict, Prediction, withTrace } from 'dspex';
import { AdapterParseError, TwoStepAdapter } from 'dspex/adapters';
import { DummyLM } from 'dspex/testing';
import { describe, expect, it } from 'vitest';

const EXTRACTED = '[[ ## answer ## ]]\nParis\n\n[[ ## year ## ]]\n1889';
const signature = 'question, tags: list[str] -> answer, year: int';
const inputs = { question: 'Where is the tower?', tags: ["it's", 'x'] };

/** Calls a predictor whose first model speaks freely, and whose second answers with these texts. */
async function call(extractions: readonly string[], options: { n?: number; maxRepairs?: number } = {}) {
  const lm = new DummyLM(() => 'It stands in Paris, since 1889.');
  const extractionLM = new DummyLM([...extractions]);
  const { maxRepairs = 0, ...config } = options;
  const predict = new Predict(signature, config);
  const settings = { lm, adapter: new TwoStepAdapter({ extractionLM }), maxRepairs };
  const called = context(settings, () => withTrace(() => predict.call(inputs)));
  return { called, lm, extractionLM };
}

describe('a call in two steps', () => {
  it('lets the first model answer freely and the second extract the fields', async () => {
    const { called, lm, extractionLM } = await call([EXTRACTED]);
    const { result, trace } = await called;
    expect({ ...result }).toEqual({ answer: 'Paris', year: 1889 });
    expect(lm.requests).toHaveLength(1);
    expect(String(lm.requests[0]?.messages.at(-1)?.content)).toBe(
      `question: Where is the tower?\n\ntags: ["it's", 'x']`,
    );
    expect(String(extractionLM.requests[0]?.messages.at(-1)?.content)).toMatch(
      /^\[\[ ## text ## \]\]\nIt stands in Paris, since 1889\.\n\nRespond with/,
    );
    expect(trace).toHaveLength(1);
  });

  it('counts the usage of both', async () => {
    const { called } = await call([EXTRACTED]);
    expect(Prediction.usage((await called).result).calls).toBe(2);
  });

  it('asks for the extraction once more as JSON', async () => {
    const { called, extractionLM } = await call(['no markers', '{"answer": "Paris", "year": 1889}']);
    expect((await called).result.year).toBe(1889);
    expect(extractionLM.requests).toHaveLength(2);
  });

  it('extracts from each of several completions', async () => {
    const { called, extractionLM } = await call([EXTRACTED, EXTRACTED.replace('Paris', 'Lyon')], { n: 2 });
    expect(Prediction.completions((await called).result).map(({ answer }) => answer)).toEqual(['Paris', 'Lyon']);
    expect(extractionLM.requests).toHaveLength(2);
  });

  it('fails in its own name, with the text of the first model, when the extraction fails', async () => {
    const { called } = await call(['nothing', 'nothing']);
    const error = await called.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AdapterParseError);
    expect((error as AdapterParseError).details).toMatchObject({
      adapter: 'TwoStepAdapter',
      completion: 'It stands in Paris, since 1889.',
      signature: 'question, tags -> answer, year',
    });
    expect((error as AdapterParseError).message).toContain('its fields could not be extracted');
  });

  it('asks the first model again, when repairs are allowed', async () => {
    const { called, lm } = await call(['nothing', 'nothing', EXTRACTED], { maxRepairs: 1 });
    expect((await called).result.answer).toBe('Paris');
    expect(lm.requests).toHaveLength(2);
  });

  it('passes on what is no matter of parsing', async () => {
    const extractionLM = new DummyLM([new TypeError('the line is dead')]);
    const predict = new Predict('q -> a');
    const adapter = new TwoStepAdapter({ extractionLM });
    await expect(context({ lm: new DummyLM(['x']), adapter }, () => predict.call({ q: 'Q' }))).rejects.toThrow(
      'the line is dead',
    );
  });
});

it('an extraction model that is none is refused when the adapter is made', () => {
  expect(() => new TwoStepAdapter({ extractionLM: 'openai/gpt' as never })).toThrow(/extractionLM.*an LM/s);
  expect(() => new TwoStepAdapter(undefined as never)).toThrow(/TwoStepAdapter/);
});
