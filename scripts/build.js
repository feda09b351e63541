// Bundles the command line into dist/: one small entry and a chunk for each command, so that a command loads only itself. What asks the
// keychain is a process of its own, and so an entry of its own.
// What apps import (`exports` of package.json) is bundled apart, for any platform, with its types.
// The dashboard is bundled by a tool of its own.
// The server's own libraries stay outside the bundle: only `outkit dev` and `outkit serve` load them.
import { execFile } from 'node:child_process';
import { chmod, readdir, readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { buildDashboard } from './build-dashboard.js';

const root = fileURLToPath(new URL('..', import.meta.url));

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', 'keychain-child': 'src/cli/credentials/keychain-child.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: [
    '@napi-rs/keyring',
    '@redis/client',
    'better-auth',
    'fastify',
    'kysely',
    'markdown-it',
    'nodemailer',
    'openid-client',
    'pg',
    'pino',
    'prom-client',
    'rate-limiter-flexible',
  ],
  logLevel: 'warning',
  metafile: true,
});

/** Where the builds of what apps import go; its files have the names of their sources. */
const APP = 'dist/app';
const { exports } = JSON.parse(await readFile(`${root}/package.json`, 'utf8'));
const appSources = Object.values(exports).flatMap(({ default: built }) =>
  built === undefined ? [] : [built.replace(`./${APP}/`, 'src/').replace(/\.js$/, '.ts')],
);
const app = await build({
  absWorkingDir: root,
  entryPoints: appSources,
  outbase: 'src',
  outdir: APP,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  external: ['node:*'],
  logLevel: 'warning',
  metafile: true,
});
await Promise.all([
  promisify(execFile)(`${root}/node_modules/.bin/tsc`, ['-p', 'scripts/app-types.tsconfig.json'], { cwd: root }),
  buildDashboard(),
]);

// Files of earlier builds go last, so that there is a whole build at any moment: a command may be starting meanwhile.
const current = new Set(['app', 'dashboard', ...Object.keys(metafile.outputs).map((path) => basename(path))]);
for (const name of await readdir(`${root}/dist`)) {
  if (!current.has(name)) await rm(`${root}/dist/${name}`, { recursive: true, force: true });
}
for (const name of await readdir(`${root}/${APP}`)) {
  if (name.endsWith('.js') && app.metafile.outputs[`${APP}/${name}`] === undefined) await rm(`${root}/${APP}/${name}`);
}
await chmod(`${root}/bin/outkit.js`, 0o755);
