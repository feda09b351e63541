// Bundles the dashboard into dist/dashboard/, each file also compressed, so that the server does not do it for each browser.
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'dist', 'dashboard');

/** Builds elsewhere on the same disk, and puts the document in place last: a server may be starting meanwhile. */
export async function buildDashboard() {
  // Tests build too, and what React does to help its developers is not for the browsers of others.
  process.env.NODE_ENV = 'production';
  await mkdir(join(target, 'assets'), { recursive: true });
  const made = await mkdtemp(join(root, 'node_modules', '.dashboard-'));
  try {
    await build({
      configFile: join(root, 'dashboard', 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: made, emptyOutDir: false },
    });
    const names = (await readdir(join(made, 'assets'))).filter((name) => /\.(?:js|css|svg)$/.test(name));
    await Promise.all(names.map((name) => compress(join(made, 'assets', name))));
    const current = await readdir(join(made, 'assets'));
    for (const name of current) await rename(join(made, 'assets', name), join(target, 'assets', name));
    await rename(join(made, 'index.html'), join(target, 'index.html'));
    for (const name of await readdir(join(target, 'assets'))) {
      if (!current.includes(name)) await rm(join(target, 'assets', name), { force: true });
    }
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

async function compress(path) {
  const bytes = await readFile(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params }));
  await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}
