import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newSecret } from '../env-file/project.fixture.ts';
import { searchBuilds } from './build-search.ts';
import { seenOf } from './facts.fixture.ts';

const KEY = newSecret();
const MIB = 1024 * 1024;
const FOLDERS = ['.next/static', 'dist', 'build', 'public', 'out', '.output/public', '.svelte-kit/output/client'];

/** An app with these files. */
function app(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'outkit-build-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), contents);
  }
  return directory;
}

function search(directory: string, limits?: Parameters<typeof searchBuilds>[2]) {
  return searchBuilds([directory], directory, limits);
}

describe('a search of build output', () => {
  it.each(FOLDERS)('finds a key in %s, at any depth, with line and column', async (folder) => {
    const directory = app({ [`${folder}/a/b/c.js`]: `one\n  "${KEY}"`, [`${folder}/clean.css`]: 'a{}' });
    expect(await search(directory)).toEqual({
      folders: [folder],
      found: [{ secret: seenOf(KEY), place: `${folder}/a/b/c.js:2:4` }],
      files: 2,
      leftOut: { oversized: 0, unreadable: 0, links: 0 },
      stoppedBy: null,
    });
  });

  it('finds nothing where nothing is, and no folder where none is', async () => {
    expect(await search(app({ 'src/a.js': KEY }))).toMatchObject({ folders: [], found: [], files: 0 });
    expect(await search(app({ 'dist/a.js': 'okd_' }))).toMatchObject({ folders: ['dist'], found: [], files: 1 });
  });

  it('looks into source maps, and tells a key that a file has often once for each file', async () => {
    const map = JSON.stringify({ sourcesContent: [`k('${KEY}')`] });
    const { found } = await search(app({ 'dist/a.js': KEY + KEY, 'dist/a.js.map': map }));
    expect(found.map(({ place }) => place).sort()).toEqual(['dist/a.js.map:1:24', 'dist/a.js:1:1']);
  });

  it('looks at each of several apps, and at a folder that two of them share once', async () => {
    const directory = app({ 'web/dist/a.js': KEY });
    const { found } = await searchBuilds([directory, join(directory, 'web'), join(directory, 'web')], directory);
    expect(found.map(({ place }) => place)).toEqual(['web/dist/a.js:1:1']);
  });

  it('leaves binary files out', async () => {
    const directory = app({ 'public/a.png': KEY, 'public/b.WOFF2': KEY, 'public/c.webm': KEY });
    expect(await search(directory)).toMatchObject({ found: [], files: 0 });
  });

  it('leaves files over 5 MiB out and says so, and takes one of 5 MiB', async () => {
    const full = Buffer.alloc(5 * MIB, 'x');
    full.write(KEY, full.length - KEY.length);
    const directory = app({ 'dist/full.js': full, 'dist/over.js': Buffer.concat([full, Buffer.from('\n')]) });
    const { found, files, leftOut } = await search(directory);
    expect(found.map(({ place }) => place)).toEqual([`dist/full.js:1:${full.length - KEY.length + 1}`]);
    expect([files, leftOut.oversized]).toEqual([1, 1]);
  });

  it('follows no link: not in a circle, not out of the project, not as the folder itself', async () => {
    const elsewhere = app({ 'secret.js': KEY });
    const directory = app({ 'dist/a.js': '' });
    symlinkSync('.', join(directory, 'dist/loop'));
    symlinkSync('../dist', join(directory, 'dist/again'));
    symlinkSync(elsewhere, join(directory, 'dist/out'));
    symlinkSync(join(elsewhere, 'secret.js'), join(directory, 'dist/b.js'));
    symlinkSync(elsewhere, join(directory, 'public'));
    symlinkSync('build', join(directory, 'build'));
    expect(await search(directory)).toMatchObject({ found: [], files: 1, leftOut: { links: 5 } });
  });

  it('goes on after what cannot be read, and counts it', async () => {
    const directory = app({ 'dist/a.js': KEY, 'dist/closed.js': KEY, 'dist/closed/b.js': KEY });
    chmodSync(directory, 0o755);
    chmodSync(join(directory, 'dist/closed.js'), 0);
    chmodSync(join(directory, 'dist/closed'), 0);
    const { found, leftOut } = await withoutRights(() => search(directory));
    chmodSync(join(directory, 'dist/closed'), 0o700);
    expect([found.map(({ place }) => place), leftOut.unreadable]).toEqual([['dist/a.js:1:1'], 2]);
  });

  it('ends after 20,000 files, and says so', async () => {
    const directory = app({ 'dist/a/0.js': '' });
    for (let file = 1; file < 30_000; file++) writeFileSync(join(directory, `dist/a/${file}.js`), '');
    const { files, stoppedBy } = await search(directory, { files: 20_000, bytes: 500 * MIB, timeMs: 60_000 });
    expect([files, stoppedBy]).toEqual([20_000, '20000 files']);
  });

  it.each([
    ['bytes', { files: 9, bytes: MIB, timeMs: 9_000 }, '1 MiB'],
    ['time', { files: 9, bytes: 9 * MIB, timeMs: -1 }, '-0.001 s'],
  ])('ends after so many %s', async (_, limits, stoppedBy) => {
    const piece = Buffer.alloc(MIB, 'x');
    const directory = app({ 'dist/a.js': piece, 'dist/b.js': piece, 'public/c.js': piece });
    expect((await search(directory, limits)).stoppedBy).toBe(stoppedBy);
  });

  it('is complete where the limit is reached with the last file', async () => {
    const directory = app({ 'dist/a.js': '', 'dist/b.js': '' });
    expect((await search(directory, { files: 2, bytes: MIB, timeMs: 9_000 })).stoppedBy).toBeNull();
  });

  it('ends after a thousand keys, also in the middle of a file', async () => {
    const keys = Array.from({ length: 1_001 }, newSecret).join('\n');
    const { found, stoppedBy } = await search(app({ 'dist/a.js': keys }));
    expect([found.length, stoppedBy]).toEqual([1_000, '1000 keys']);
  });
});

/** Root may read everything, and so is somebody else meanwhile. */
async function withoutRights<T>(run: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
