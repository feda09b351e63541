// Bundles the command line into dist/: one small entry and a chunk for each command, so that a command loads only itself.
// The server's own libraries stay outside the bundle: only `outkit dev` loads them.
import { chmod, readdir, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: ['better-auth', 'fastify', 'kysely', 'markdown-it'],
  logLevel: 'warning',
  metafile: true,
});
// Files of earlier builds go last, so that there is a whole build at any moment: a command may be starting meanwhile.
const current = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
for (const name of await readdir(`${root}/dist`)) {
  if (!current.has(name)) await rm(`${root}/dist/${name}`, { recursive: true, force: true });
}
await chmod(`${root}/bin/outkit.js`, 0o755);
