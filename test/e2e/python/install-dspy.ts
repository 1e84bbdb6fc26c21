import { DSPY_CACHE, dspyFolder, PYTHON, pythonVersion } from '../../../bench/harness/run/python';
import { type Outcome, runCommand } from '../run-command';

/** The release whose behaviour dspex follows. */
export const DSPY_VERSION = '3.4.1';

/** Runs one line with the Python that has DSPy. */
export type RunPython = (line: string) => Promise<Outcome>;

/**
 * A Python with DSPy in a folder of its own, installed by pip on first use into the cache that the benchmarks use too; or a
 * sentence that says why there is none.
 */
export async function installDspy(): Promise<RunPython | string> {
  const python = await pythonVersion();
  if (python === undefined) return `there is no ${PYTHON} on this machine`;
  const found = await dspyFolder(DSPY_VERSION, python);
  if ('problem' in found) return found.problem;
  const env = { PYTHONPATH: found.folder, DSPY_CACHEDIR: DSPY_CACHE };
  return (line) => runCommand(`${PYTHON} ${line}`, __dirname, env);
}
