// A contestant's side of the pipe: one JSON object a line, in both directions. The DSPy contestant speaks the same in Python.
//   {"id":1,"do":"open","workload":"predict","params":{...}}  ->  {"id":1,"outputs":...}   and the workload is known as 1
//   {"id":2,"do":"round","of":1}                              ->  {"id":2,"figures":{"us":12.5}}
//   {"id":3,"do":"close","of":1}                              ->  {"id":3}
// A failure is {"id":1,"error":"..."}. The process ends when its standard input does.
import { createInterface } from 'node:readline';
import type { OpenWorkload, Params, Workload } from './workload';

interface Asked {
  readonly id: number;
  readonly do: 'open' | 'round' | 'close';
  readonly workload?: string;
  readonly params?: Params;
  readonly of?: number;
}

/** Serves these workloads until standard input ends. Standard output belongs to the protocol: print to standard error. */
export function serveWorkloads(workloads: Readonly<Record<string, OpenWorkload>>): void {
  const open = new Map<number, Workload>();
  const answer = async ({ id, do: verb, workload = '', params = {}, of = 0 }: Asked): Promise<object> => {
    if (verb === 'open') {
      const opener = workloads[workload];
      if (opener === undefined) throw new Error(`There is no workload '${workload}'.`);
      const opened = await opener(params);
      open.set(id, opened);
      return opened.outputs === undefined ? {} : { outputs: await opened.outputs() };
    }
    const opened = open.get(of);
    if (opened === undefined) throw new Error(`Nothing is open as ${of}.`);
    if (verb === 'round') {
      // Not at the cost of this round, where the process was started with --expose-gc.
      if (opened.collectsFirst !== false) globalThis.gc?.();
      return { figures: await opened.round() };
    }
    open.delete(of);
    await opened.close?.();
    return {};
  };
  let last: Promise<unknown> = Promise.resolve();
  const lines = createInterface({ input: process.stdin });
  // Whatever workloads still hold: nobody is there to close them.
  lines.once('close', () => void last.finally(() => process.exit()));
  lines.on('line', (line) => {
    const asked = JSON.parse(line) as Asked;
    last = last
      .then(() => answer(asked))
      .catch((error: unknown) => ({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
      .then((said) => process.stdout.write(`${JSON.stringify({ id: asked.id, ...said })}\n`));
  });
}
