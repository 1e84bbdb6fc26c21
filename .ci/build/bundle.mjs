import { builtinModules } from 'node:module';
import { relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { ascii } from './ascii.mjs';
import { whenUsed } from './when-used.mjs';

/** Bottom to top. A chunk imports from those before it only, as the wings of src/ do. */
const CHUNKS = ['decorators', 'core', 'lm', 'program', 'modules', 'compile', 'app'];

/**
 * Writes the JavaScript of every entry point of the manifest, and of its command, into a folder: an entry file where its
 * source stands, and beside them chunks that entries share, so that a class exists once however it is imported. What the
 * roof reaches is one chunk a wing; what it does not reach (clients of their own, the local model, testing) is split by
 * who needs it, and costs nobody else.
 */
export async function bundle(root, manifest, out) {
  const doors = Object.values(manifest.exports).flatMap((conditions) => conditions.source ?? []);
  const commands = Object.values(manifest.bin ?? {}).map((file) => file.replace('/dist/', '/').replace(/\.js$/, '.ts'));
  const sources = [...doors, ...commands].map((file) => file.slice(2));
  const path = (id) => relative(root, id).replaceAll('\\', '/');
  const own = (id) => /^(\.|\/|\0|[A-Za-z]:)/.test(id) || sources.includes(id) || id.split('/')[0] === manifest.name;
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(sources.map((file) => [file.replace(/\.ts$/, ''), file])),
    platform: 'node',
    tsconfig: resolve(root, 'tsconfig.json'),
    resolve: { conditionNames: ['source', 'require', 'node', 'default'] },
    external: (id) => !own(id),
  });
  let roof;
  const chunkOf = (id, graph) => {
    roof ??= reach(resolve(root, 'src/index.ts'), graph);
    const [top, wing] = path(id).split('/');
    if (!roof.has(id) || path(id) === 'src/index.ts') return null;
    return top === 'src' ? wing : top;
  };
  const late = new Set([...builtinModules.map((name) => `node:${name}`), ...Object.keys(manifest.dependencies)]);
  const { output } = await build.write({
    dir: out,
    format: 'cjs',
    strict: true,
    comments: false,
    sourcemap: true,
    // The sources are part of the package: the maps lead to them.
    sourcemapExcludeSources: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    codeSplitting: {
      groups: [
        ...CHUNKS.map((name, rank) => ({
          name: (id, context) => (chunkOf(id, context) === name ? name : null),
          debugName: name,
          priority: CHUNKS.length - rank,
        })),
      ],
    },
    plugins: [whenUsed(late), ascii()],
  });
  await build.close();
  refuseRenamedClasses(output);
}

/** The files that a file needs before it can run, itself among them. */
function reach(from, graph, seen = new Set()) {
  if (seen.has(from)) return seen;
  seen.add(from);
  for (const next of graph.getModuleInfo(from)?.importedIds ?? []) reach(next, graph, seen);
  return seen;
}

/** Two classes of one name in a chunk: the second would get another name, and errors and programs are known by theirs. */
function refuseRenamedClasses(output) {
  const renamed = output.flatMap(({ code = '' }) => code.match(/\b[\w$]+\$\d+ = class\b/g) ?? []);
  if (renamed.length > 0) throw new Error(`Classes lose their names in the bundle: ${renamed.join(', ')}`);
}
