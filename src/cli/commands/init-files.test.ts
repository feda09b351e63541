import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ESC, FakeIo, type Machine } from '../machine.fixture.ts';
import { CREATE, git, has, keysOf, PROXY, project, read, TTY, WRITE, yes } from './init.fixture.ts';

const PAGE = 'app/outkit/page.jsx';
const WITH_PAGES = { 'app/layout.jsx': 'export default ({ children }) => children;\n' };

/** A project whose files may be in folders. */
async function app(files: Readonly<Record<string, string>> = {}): Promise<Machine> {
  const machine = await project();
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(machine.cwd, name)), { recursive: true });
    machine.write(name, contents);
  }
  return machine;
}

function outside(): string {
  const directory = mkdtempSync(join(tmpdir(), 'outkit-outside-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** The next steps, a line each. */
function steps(stderr: string): string[] {
  const [, list = ''] = stderr.split('\nNext:\n');
  return list.trimEnd().split('\n');
}

describe('the proxy', () => {
  it('is shown with its path before it is asked about, and written after a yes only', async () => {
    const machine = await app();
    const no = await machine.run(['init'], { ...TTY, answers: [true, false] });
    expect([no.exitCode, no.questions, no.stdout]).toEqual([0, [CREATE, WRITE], '']);
    expect(no.stderr).toContain(`\n${PROXY}:\n\n  // ${PROXY}: the route /api/outkit\n  import { createOutkitProxy }`);
    expect(no.stderr).not.toContain('Next:');
    expect(has(machine, 'app')).toBe(false);
    const again = await machine.run(['init'], { ...TTY, answers: [true] });
    expect([again.exitCode, again.questions]).toEqual([0, [WRITE]]);
    expect(again.stderr).toContain(`\nWrote ${PROXY}\n`);
    expect(read(machine, PROXY)).toContain('YOUR CHECK GOES HERE');
  });

  it('is named with --yes in the question that nobody can be asked', async () => {
    const machine = await app();
    await yes(machine, '--no-proxy');
    const { exitCode, stderr } = await machine.run(['init']);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining(`Nobody is there to answer: ${WRITE} Re-run with --yes`),
    ]);
    expect(has(machine, 'app')).toBe(false);
  });

  it('is left out with --no-proxy, and the page with it', async () => {
    const machine = await app(WITH_PAGES);
    const { exitCode, stdout } = await yes(machine, '--no-proxy', '--json');
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ proxy: null, page: null })]);
    expect([has(machine, 'app/api'), has(machine, 'app/outkit')]).toEqual([false, false]);
  });

  it.each(['ts', 'js', 'mjs', 'tsx', 'jsx'])('that is there as .%s is left alone, which is said', async (ending) => {
    const file = `app/api/outkit/route.${ending}`;
    const machine = await app({ [file]: '// mine\n' });
    const { stderr } = await yes(machine);
    expect([read(machine, file), stderr]).toEqual(['// mine\n', expect.stringContaining(`${file} is there\n`)]);
    const { stdout } = await yes(machine, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ changed: false, proxy: { file, exists: true, written: false } });
  });

  it.each<[string, (machine: Machine) => void]>([
    ['a file', (machine) => machine.write(PROXY, '// mine\n')],
    ['a link to nothing', (machine) => symlinkSync('/nonexistent/mine.js', join(machine.cwd, PROXY))],
  ])('is not written over %s that came while the question was open', async (_, appear) => {
    const machine = await app();
    await yes(machine, '--no-proxy');
    const asked = vi.spyOn(FakeIo.prototype, 'openPrompts').mockResolvedValue({
      confirm: async () => {
        mkdirSync(dirname(join(machine.cwd, PROXY)), { recursive: true });
        appear(machine);
        return true;
      },
      text: async () => '',
      select: async () => '',
    });
    onTestFinished(() => asked.mockRestore());
    const { exitCode, stderr } = await machine.run(['init'], TTY);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(`, ${PROXY} is there\n`)]);
    if (existsSync(join(machine.cwd, PROXY))) expect(read(machine, PROXY)).toBe('// mine\n');
    expect(existsSync('/nonexistent')).toBe(false);
  });

  it.each(['app', 'app/api', 'app/api/outkit'])('goes through no link out of the project: %s', async (folder) => {
    const machine = await app();
    const elsewhere = outside();
    mkdirSync(dirname(join(machine.cwd, folder)), { recursive: true });
    symlinkSync(elsewhere, join(machine.cwd, folder));
    for (const inRepository of [false, true]) {
      if (inRepository) git(machine);
      const { exitCode, stderr } = await yes(machine);
      expect([exitCode, stderr]).toEqual([
        1,
        expect.stringContaining(`Error: ${PROXY} leads out of the project\n  Try: outkit init --no-proxy\n`),
      ]);
    }
    expect([existsSync(join(elsewhere, 'api')), existsSync(join(elsewhere, 'outkit'))]).toEqual([false, false]);
    expect([has(machine, 'outkit.json'), await keysOf(machine)]).toEqual([false, []]);
    expect((await yes(machine, '--no-proxy')).exitCode).toBe(0);
  });

  it('goes through no link that came while the question was open', async () => {
    const machine = await app();
    const elsewhere = outside();
    const asked = vi.spyOn(FakeIo.prototype, 'openPrompts').mockResolvedValue({
      confirm: async () => {
        if (!has(machine, 'app')) symlinkSync(elsewhere, join(machine.cwd, 'app'));
        return true;
      },
      text: async () => '',
      select: async () => '',
    });
    onTestFinished(() => asked.mockRestore());
    const { exitCode, stderr } = await machine.run(['init'], TTY);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('leads out of the project')]);
    expect(existsSync(join(elsewhere, 'api'))).toBe(false);
    expect(await keysOf(machine)).toEqual([]);
  });

  it.each<[string, (machine: Machine) => void]>([
    ['a link to nothing', (machine) => symlinkSync('/nonexistent/app', join(machine.cwd, 'app'))],
    ['a link to itself', (machine) => symlinkSync('app', join(machine.cwd, 'app'))],
    ['a file', (machine) => machine.write('app', '')],
  ])('is refused before anything is changed where its folder is %s', async (_, prepare) => {
    const machine = await app();
    prepare(machine);
    const { exitCode, stderr } = await yes(machine);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`The folder of ${PROXY} cannot be used (E`)]);
    expect([has(machine, 'outkit.json'), await keysOf(machine)]).toEqual([false, []]);
  });

  it('may be in a folder that is a link inside the repository', async () => {
    const machine = await app({
      'package.json': '{ "workspaces": ["web"] }',
      'web/package.json': '{ "dependencies": { "next": "15" } }',
    });
    git(machine);
    mkdirSync(join(machine.cwd, 'shared'));
    symlinkSync('../shared', join(machine.cwd, 'web/app'));
    Object.assign(machine, { cwd: join(machine.cwd, 'web') });
    expect((await yes(machine)).exitCode).toBe(0);
    expect(read(machine, '../shared/api/outkit/route.js')).toContain('toNextRoute');
  });

  it.runIf(process.getuid?.() !== 0)('that cannot be written ends it before a key is made', async () => {
    const machine = await app({ 'app/x': '' });
    chmodSync(join(machine.cwd, 'app'), 0o500);
    const { exitCode, stderr } = await yes(machine);
    chmodSync(join(machine.cwd, 'app'), 0o700);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`${PROXY} cannot be written (EACCES)`)]);
    expect(await keysOf(machine)).toEqual([]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['TypeScript', { 'tsconfig.json': '{}' }, 'app/api/outkit/route.ts'],
    ['pages in src', { 'src/pages/index.jsx': '' }, 'src/app/api/outkit/route.js'],
    ['Express', { 'package.json': '{"dependencies":{"express":"5"}}' }, 'outkit-proxy.mjs'],
    ['Express in ESM', { 'package.json': '{"type":"module","dependencies":{"express":"5"}}' }, 'outkit-proxy.js'],
    ['Vite', { 'package.json': '{"type":"module","devDependencies":{"vite":"8"}}' }, 'outkit-proxy.js'],
    ['SvelteKit', { 'package.json': '{"devDependencies":{"@sveltejs/kit":"2"}}' }, 'src/routes/api/outkit/+server.js'],
  ])('has its place: %s', async (_, files, file) => {
    const machine = await app(files);
    await yes(machine);
    expect([has(machine, file), lstatSync(join(machine.cwd, file)).mode & 0o111]).toEqual([true, 0]);
    const before = read(machine, file);
    const { stderr } = await yes(machine);
    expect([stderr, read(machine, file)]).toEqual([expect.stringMatching(/\nNothing to do: /), before]);
  });

  it.each([
    ['the root of a workspace', { 'package.json': '{ "workspaces": ["apps/*"] }' }],
    ['a package.json that is no JSON', { 'package.json': '{' }],
  ])('is not made for %s, where nobody knows what the app is', async (_, files) => {
    const machine = await app(files);
    const { stdout } = await yes(machine, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ proxy: null, page: null });
  });

  it('is shown so that an address in it does nothing to a terminal', async () => {
    const machine = await app({ 'package.json': '{"devDependencies":{"vite":"8"}}', '.gitignore': '*\n' });
    const name = `.env.${ESC}[2J`;
    const { stderr } = await machine.run(['init', '--env-file', name], { ...TTY, answers: [true, true] });
    expect(stderr).not.toContain(ESC);
  });
});

describe('the page', () => {
  it('is offered where Next.js has an app router, and asked for after the proxy', async () => {
    const machine = await app(WITH_PAGES);
    const { questions, stderr } = await machine.run(['init'], { ...TTY, answers: [true, true, true] });
    expect(questions).toEqual([CREATE, WRITE, `Write ${PAGE}?`]);
    expect(read(machine, PAGE)).toMatch(/'use client';[\s\S]*from 'outkit\/stream'/);
    expect(read(machine, PAGE)).not.toMatch(/innerHTML|okd_/i);
    expect(steps(stderr)).toContain('  Open /outkit in the browser');
    const again = await machine.run(['init'], TTY);
    expect([again.questions, again.stderr]).toEqual([
      [],
      expect.stringContaining(`${PROXY} is there, ${PAGE} is there\n`),
    ]);
  });

  it('is not offered to whoever did not want the proxy that it needs', async () => {
    const machine = await app(WITH_PAGES);
    const { questions } = await machine.run(['init'], { ...TTY, answers: [true, false] });
    expect(questions).toEqual([CREATE, WRITE]);
  });

  it('that is there is left alone', async () => {
    const machine = await app({ ...WITH_PAGES, 'app/outkit/page.tsx': '// mine\n' });
    await yes(machine);
    expect([read(machine, 'app/outkit/page.tsx'), has(machine, PAGE)]).toEqual(['// mine\n', false]);
  });

  it.each([[{ 'pages/index.jsx': '' }], [{ 'package.json': '{"dependencies":{"express":"5"}}', ...WITH_PAGES }]])(
    'is not made for %j',
    async (files) => {
      const machine = await app(files);
      await yes(machine);
      await yes(machine);
      expect(has(machine, 'app/outkit')).toBe(false);
    },
  );
});

describe('the next steps', () => {
  it.each<[string, Record<string, string>, string]>([
    ['npm', {}, 'npm install outkit'],
    ['npm', { 'package-lock.json': '{}' }, 'npm install outkit'],
    ['pnpm', { 'pnpm-lock.yaml': '' }, 'pnpm add outkit'],
    ['yarn', { 'yarn.lock': '' }, 'yarn add outkit'],
    ['bun', { 'bun.lock': '' }, 'bun add outkit'],
  ])('begin with the package where the app does not have it: %s %j', async (_, files, command) => {
    const machine = await app(files);
    expect(steps((await yes(machine)).stderr)[0]).toBe(`  ${command}`);
  });

  it('take the lock file that is nearest', async () => {
    const machine = await app({ 'yarn.lock': '', 'web/pnpm-lock.yaml': '', 'web/package.json': '{}' });
    Object.assign(machine, { cwd: join(machine.cwd, 'web') });
    const { stderr } = await yes(machine);
    expect(steps(stderr)[0]).toBe('  pnpm add outkit');
  });

  it('do not name the package where the app has it, and are none where nothing was written', async () => {
    const machine = await app({ 'package.json': '{"dependencies":{"express":"5","outkit":"1"}}' });
    const { stderr } = await yes(machine);
    expect(steps(stderr)).toEqual([
      "  Use outkit-proxy.mjs: app.post('/api/outkit', outkitProxy)",
      '  Let your users in: write your check into outkit-proxy.mjs',
      '  Post {"content": …} to /api/outkit from the browser, and read the answer with outkit/stream',
      '  In production set OUTKIT_API_KEY and OUTKIT_API_URL where the app runs',
    ]);
    expect((await yes(machine)).stderr).not.toContain('Next:');
  });
});
