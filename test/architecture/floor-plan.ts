/**
 * The wings of `src/`, bottom to top, each with its rooms bottom to top; rooms joined by `+` share a storey and may import each
 * other's files. Changes only with a decision record.
 */
export const WINGS: Readonly<Record<string, readonly string[]>> = {
  core: ['errors', 'util', 'telemetry', 'primitives', 'signatures', 'ports', 'settings'],
  lm: ['adapters', 'resilience', 'cache', 'clients'],
  program: ['predict+state', 'retrieve', 'interpreter'],
  compile: ['report', 'runs', 'evaluate', 'search', 'propose', 'teleprompt', 'finetune'],
  app: ['container', 'cli', 'testing'],
};

/** What may stand at the top of the repository, besides dotfiles. */
export const TOP_LEVEL = [
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md'],
  ...['src', 'decorators', 'modules', 'test', 'examples', 'docs', 'bench'],
];

/** The one door (rarely two) by which each package comes in. A new dependency gets a line here and a decision record. */
export const PACKAGE_DOORS: Readonly<Record<string, readonly string[]>> = {
  'reflect-metadata': ['decorators/metadata.ts'],
  'class-validator': ['src/core/signatures/constraints.ts', 'src/core/signatures/coerce.ts'],
  'class-transformer': ['src/core/signatures/coercion/instance.ts'],
  inversify: ['src/app/container/'],
  undici: ['src/lm/clients/http.ts'],
  cockatiel: ['src/lm/resilience/policy.ts'],
  lmdb: ['src/lm/cache/disk/lmdb.ts'],
  'cli-progress': ['src/compile/report/progress-bar.ts'],
  'node-llama-cpp': ['src/lm/clients/local/'],
};

/** What only its owner may call: everybody else asks the owner. An empty list means nobody. */
export const OWNED: Readonly<Record<string, readonly string[]>> = {
  'Math.random': [],
  'Date.now': ['src/core/util/clock.ts'],
  'performance.now': ['src/core/util/clock.ts'],
  'JSON.parse': ['src/core/util/json.ts'],
  fetch: [],
  eval: [],
  Function: [],
  child_process: ['src/lm/clients/local/weights/pip-source.ts'],
};

/** Files of more than 300 lines (never more than 400), each with its reason. */
export const LONG_FILES: Readonly<Record<string, string>> = {};

/** Files whose declarations may say `any`, each with its reason. */
export const ANY_FILES: Readonly<Record<string, string>> = {
  'src/program/predict/module.ts': 'forward() is written by users with parameters of their own',
  'src/app/container/programs.ts': 'a program class may have any constructor; the container supplies its parameters',
  'src/program/predict/predict.ts': 'the bare name means a predictor of any signature; the parameter is invariant',
  'modules/chain-of-thought.ts': 'the bare name means a program of any signature; the parameter is invariant',
};

/** The wing of a path in `src/` (`roof` for src/index.ts), its room (empty for a file at the wing's top) and their ranks. */
export function roomOf(path: string): { wing: string; room: string; wingRank: number; roomRank: number } | undefined {
  const [top, wing, ...rest] = path.split('/');
  if (top !== 'src' || wing === undefined) return undefined;
  const wings = Object.keys(WINGS);
  if (rest.length === 0) return { wing: 'roof', room: '', wingRank: wings.length, roomRank: 0 };
  const rooms = WINGS[wing];
  if (rooms === undefined) return undefined;
  const room = rest.length === 1 ? '' : (rest[0] as string);
  // A wing's index.ts is its door, above every room; another file at its top is what all its rooms stand on.
  const roomRank =
    room === ''
      ? rest[0] === 'index.ts'
        ? rooms.length
        : -1
      : rooms.findIndex((storey) => storey.split('+').includes(room));
  if (room !== '' && roomRank === -1) return undefined;
  return { wing, room, wingRank: wings.indexOf(wing), roomRank };
}
