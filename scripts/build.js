// Bundles the command line into dist/: one small entry and a chunk for each command, so that a command loads only itself.
// The server's own libraries stay outside the bundle: only `outkit dev` loads them.
import { chmod, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

await rm(`${root}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: ['fastify', 'kysely', 'pino', 'markdown-it'],
  logLevel: 'warning',
});
await chmod(`${root}/bin/outkit.js`, 0o755);
