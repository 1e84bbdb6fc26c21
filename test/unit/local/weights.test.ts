import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type KnownWeights,
  LocalLM,
  ModelFileNotFoundError,
  resolveWeights,
  WeightsCorruptError,
  type WeightsEvent,
  type WeightsSource,
  WeightsUnavailableError,
} from 'dspex/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelsFolder } from '../../../src/lm/clients/local/weights/models-folder';
import { weightsReporter } from '../../../src/lm/clients/local/weights/weights-reporter';

const CONTENT = Buffer.from(`GGUF${'weights '.repeat(1000)}`);
const WEIGHTS: KnownWeights = {
  name: 'tiny',
  fileName: 'tiny.gguf',
  bytes: CONTENT.length,
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
  licence: 'MIT',
  origin: 'a test',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dspex-weights-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function giving(content: Uint8Array, name = 'a shelf'): WeightsSource & { asked: number } {
  return {
    name,
    asked: 0,
    async fetch(_weights, destination) {
      this.asked += 1;
      await writeFile(destination, content);
    },
  };
}

function failing(name: string, reason: string): WeightsSource {
  return { name, fetch: () => Promise.reject(new Error(reason)) };
}

describe('finding weights', () => {
  it('takes the checked copy in the models folder and asks no source', async () => {
    await writeFile(join(folder, WEIGHTS.fileName), CONTENT);
    const source = giving(CONTENT);
    expect(await resolveWeights(WEIGHTS, { folder, offline: false, sources: [source] })).toBe(
      join(folder, WEIGHTS.fileName),
    );
    expect(source.asked).toBe(0);
  });

  it('fetches from the first source that can, and leaves nothing else behind', async () => {
    const heard: WeightsEvent[] = [];
    const sources = [failing('one', 'closed'), giving(CONTENT, 'two'), giving(CONTENT, 'three')];
    const path = await resolveWeights(WEIGHTS, {
      folder,
      offline: false,
      sources,
      report: (event) => heard.push(event),
    });
    expect(await readFile(path)).toEqual(CONTENT);
    expect(await readdir(folder)).toEqual([WEIGHTS.fileName]);
    expect(heard.map(({ kind }) => kind)).toEqual(['fetching', 'failed', 'fetching', 'ready']);
  });

  it('never puts a file in place whose SHA-256 is wrong', async () => {
    const forged = Buffer.from(CONTENT);
    forged[100] = 0;
    const error = await resolveWeights(WEIGHTS, { folder, offline: false, sources: [giving(forged)] }).catch((e) => e);
    expect(error).toBeInstanceOf(WeightsUnavailableError);
    expect(error.message).toContain('SHA-256');
    expect(await readdir(folder)).toEqual([]);
  });

  it('names every source it tried, why it failed, and what to do by hand', async () => {
    const sources = [failing('the first', 'no pip'), giving(CONTENT.subarray(0, 50), 'the second')];
    const error = await resolveWeights(WEIGHTS, { folder, offline: false, sources }).catch((e) => e);
    expect(error.code).toBe('WEIGHTS_UNAVAILABLE');
    expect(error.tried.map(({ source }: { source: string }) => source)).toEqual([
      `the models folder ${folder}`,
      'the first',
      'the second',
    ]);
    expect(error.message).toContain('the first: no pip');
    expect(error.message).toContain(`truncated (50 of ${CONTENT.length} bytes)`);
    expect(error.message).toContain(`put it at ${join(folder, WEIGHTS.fileName)}`);
  });

  it('fetches a truncated copy again', async () => {
    await writeFile(join(folder, WEIGHTS.fileName), CONTENT.subarray(0, 10));
    const path = await resolveWeights(WEIGHTS, { folder, offline: false, sources: [giving(CONTENT)] });
    expect(await readFile(path)).toEqual(CONTENT);
  });

  it('asks no source while offline, and says that this is why', async () => {
    const source = giving(CONTENT);
    const error = await resolveWeights(WEIGHTS, { folder, offline: true, sources: [source] }).catch((e) => e);
    expect(error).toBeInstanceOf(WeightsUnavailableError);
    expect(error.message).toContain('DSPEX_OFFLINE');
    expect(source.asked).toBe(0);
  });

  it('refuses a truncated copy while offline rather than loading it', async () => {
    await writeFile(join(folder, WEIGHTS.fileName), CONTENT.subarray(0, 10));
    const error = await resolveWeights(WEIGHTS, { folder, offline: true }).catch((e) => e);
    expect(error).toBeInstanceOf(WeightsCorruptError);
    expect(error.message).toContain(`10 of ${CONTENT.length} bytes`);
  });

  it('lets many fetch at once without a damaged or half-written file at any moment', async () => {
    const slow: WeightsSource = {
      name: 'slow',
      async fetch(_weights, destination) {
        for (let at = 0; at < CONTENT.length; at += 1000) {
          await writeFile(destination, CONTENT.subarray(at, at + 1000), { flag: 'a' });
        }
      },
    };
    const fetched = Array.from({ length: 8 }, async () => {
      const path = await resolveWeights(WEIGHTS, { folder, offline: false, sources: [slow] });
      expect(await readFile(path)).toEqual(CONTENT);
    });
    await Promise.all(fetched);
    expect(await readdir(folder)).toEqual([WEIGHTS.fileName]);
  });

  it('keeps weights where DSPEX_MODELS says, else in the cache folder', () => {
    expect(modelsFolder({ DSPEX_MODELS: '/somewhere' })).toBe('/somewhere');
    expect(modelsFolder({})).toMatch(/dspex.models$/);
  });
});

describe('a model file of the user', () => {
  const ask = (lm: LocalLM) => lm.generate(lm.createRequest([{ role: 'user', content: 'hello' }])).catch((e) => e);

  it('that does not exist is a named error with the path that was looked at', async () => {
    const error = await ask(new LocalLM(`no-such-${randomUUID()}.gguf`));
    expect(error).toBeInstanceOf(ModelFileNotFoundError);
    expect(error.message).toContain(process.cwd());
  });

  it('that is no GGUF file is a named error', async () => {
    const path = join(folder, 'notes.gguf');
    await writeFile(path, 'these are notes');
    const error = await ask(new LocalLM(path));
    expect(error).toBeInstanceOf(WeightsCorruptError);
    expect(error.message).toContain('no GGUF file');
  });

  it('that ends in the middle of its header is a named error, also a second time', async () => {
    const path = join(folder, 'cut.gguf');
    await writeFile(path, CONTENT);
    const lm = new LocalLM(path);
    expect((await ask(lm)).code).toBe('WEIGHTS_CORRUPT');
    expect((await ask(lm)).code).toBe('WEIGHTS_CORRUPT');
  });

  it('counts as an outage, so that no optimizer ranks a program by it', async () => {
    expect(await ask(new LocalLM('none.gguf'))).toMatchObject({ outage: true, retryable: false });
  });
});

describe('telling a person how the fetching goes', () => {
  const told = (isTTY: boolean) => {
    let text = '';
    const report = weightsReporter({ isTTY, write: (piece: string) => (text += piece) });
    report({ kind: 'fetching', source: 'a shelf', weights: WEIGHTS });
    report({ kind: 'progress', source: 'a shelf', bytes: 1_500_000, totalBytes: 3_000_000 });
    report({ kind: 'ready', source: 'a shelf', weights: WEIGHTS, path: '/m/tiny.gguf' });
    return text;
  };

  it('says source and licence', () => {
    expect(told(false)).toContain('from a shelf');
    expect(told(false)).toContain('licence: MIT; SHA-256 checked; kept as /m/tiny.gguf');
  });

  it('keeps one live line on a terminal and writes no carriage return elsewhere', () => {
    expect(told(true)).toContain('\r  1.5 MB of 3.0 MB');
    expect(told(false)).not.toContain('\r');
  });
});
