import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FakeIo, PROFILE } from '../machine.fixture.ts';
import { CREATE, git, has, IGNORE, KEY, keysOf, project, read, TTY, yes } from './init.fixture.ts';
import { isCovered } from './init-gitignore.ts';

describe('the env file', () => {
  it.each<[string, Record<string, string>, string, string | undefined, string]>([
    ['Nuxt', { 'package.json': '{"dependencies":{"nuxt":"4"}}' }, '.env', '.env', 'Nuxt reads .env\n'],
    [
      'Nuxt beside a .env.local',
      { 'package.json': '{"dependencies":{"nuxt":"4"}}', '.env.local': 'A=1\n' },
      '.env',
      '.env',
      '',
    ],
    [
      'Hono on Cloudflare',
      { 'package.json': '{"dependencies":{"hono":"4"}}', 'wrangler.toml': '' },
      '.dev.vars',
      '.dev.vars',
      'wrangler dev reads .dev.vars',
    ],
    [
      'SvelteKit with a .env',
      { 'package.json': '{"devDependencies":{"@sveltejs/kit":"2"}}', '.env': 'A=1\n' },
      '.env',
      undefined,
      'SvelteKit reads .env\n',
    ],
    [
      'Express',
      { 'package.json': '{"dependencies":{"express":"5"}}' },
      '.env.local',
      undefined,
      'Warning: Express reads no env file by itself: start the app with node --env-file=.env.local\n',
    ],
    [
      'Express with dotenv',
      { 'package.json': '{"dependencies":{"express":"5","dotenv":"17"}}' },
      '.env',
      '.env',
      'dotenv reads .env\n',
    ],
    [
      'a script',
      { 'package.json': '{"scripts":{"dev":"node --watch --env-file=.env.dev a.js"}}' },
      '.env.dev',
      '.env.dev',
      'The script dev reads .env.dev\n',
    ],
    ['no package.json', { 'package.json': '' }, '.env.local', undefined, 'taken for plain Node'],
    [
      'outkit.json',
      { 'outkit.json': `{"profile":"${PROFILE}","envFile":"conf.env"}` },
      'conf.env',
      'conf.env',
      'Warning: Next.js does not read conf.env, but .env.local and .env\n',
    ],
  ])('of %s', async (_, files, name, recorded, told) => {
    const machine = await project({ '.gitignore': '.env*\n.dev.vars\nconf.env\n', ...files });
    const { exitCode, stderr } = await yes(machine);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(told)]);
    expect(read(machine, name)).toMatch(/(^|\n)OUTKIT_API_KEY=okd_\w{38}\n$/);
    expect(JSON.parse(read(machine, 'outkit.json')).envFile).toBe(recorded);
    const more = await machine.run(['keys', 'create', '-n', 'next', '--env-file', '--force']);
    expect(more.stderr).toContain(`Wrote OUTKIT_API_KEY to ${name}:`);
  });

  it('that is given is kept for later commands', async () => {
    const machine = await project();
    await yes(machine, '--env-file', '.env.development.local');
    expect(JSON.parse(read(machine, 'outkit.json')).envFile).toBe('.env.development.local');
    expect((await machine.run(['init'])).stderr).toContain('Nothing to do');
  });

  it('with a value of somebody else keeps it unless a person says otherwise', async () => {
    const machine = await project({ '.env.local': 'A=1\nOUTKIT_API_KEY=mine\n' });
    const { exitCode, stderr } = await yes(machine);
    expect([exitCode, read(machine, '.env.local')]).toEqual([0, 'A=1\nOUTKIT_API_KEY=mine\n']);
    expect(stderr).toContain('Warning: .env.local:2 holds another OUTKIT_API_KEY, and keeps it.');
    const asked = await machine.run(['init'], { ...TTY, answers: [true] });
    expect(asked.questions).toEqual(['.env.local:2 holds another OUTKIT_API_KEY. Create a key and replace it?']);
    expect(read(machine, '.env.local')).toMatch(/^A=1\nOUTKIT_API_KEY=okd_\w{38}\n$/);
  });

  it('is one word in the commands that are printed', async () => {
    const name = '.env.$(touch it) x';
    const machine = await project({ 'package.json': '{}', [name]: 'OUTKIT_API_KEY=mine\n' });
    const { exitCode, stderr } = await yes(machine, '--env-file', name);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(` node '--env-file=${name}'\n`)]);
    expect(stderr).toContain(`: outkit keys create -n "dev key" '--env-file=${name}' --force\n`);
  });

  it('with a revoked key is told, and with a rotated one is right', async () => {
    const machine = await project();
    await yes(machine);
    const [key] = await keysOf(machine);
    await machine.run(['keys', 'rotate', String(key?.id), '--no-env-file']);
    expect((await machine.run(['init'])).stderr).toContain('Nothing to do');
    await machine.run(['keys', 'revoke', String(key?.id), '-y']);
    expect((await yes(machine)).stderr).toContain(`holds a key (dev key, ${key?.id}) that is revoked, and keeps it`);
  });

  it.each([['../other.env'], ['/tmp/other.env'], ['link.env']])(
    'of a hostile outkit.json does not lead out: %s',
    async (envFile) => {
      const machine = await project({ 'outkit.json': JSON.stringify({ profile: PROFILE, envFile }) });
      symlinkSync('/tmp/outside.env', join(machine.cwd, 'link.env'));
      const { exitCode, stderr } = await yes(machine);
      expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/leads out of the project|is a symbolic link/)]);
      expect([read(machine, '.gitignore'), await keysOf(machine)]).toEqual(['.env*\n', []]);
    },
  );

  it.each([[{}], [{ '.env.local': 'A=1\n' }]])(
    'that got a value while the question was open keeps it (%j)',
    async (files) => {
      const machine = await project(files);
      const asked = vi.spyOn(FakeIo.prototype, 'openPrompts').mockResolvedValue({
        confirm: async () => {
          machine.write('.env.local', 'OUTKIT_API_KEY=mine\n');
          return true;
        },
        text: async () => '',
        select: async () => '',
      });
      onTestFinished(() => asked.mockRestore());
      const { exitCode, stderr } = await machine.run(['init'], TTY);
      expect([exitCode, read(machine, '.env.local')]).toEqual([2, 'OUTKIT_API_KEY=mine\n']);
      expect(stderr).toMatch(/Error: \.env\.local:1 holds another OUTKIT_API_KEY\n {2}Try: outkit init\n$/);
      expect(await keysOf(machine)).toEqual([]);
    },
  );

  it.each([[[]], [['--env-file', '../conf/.env.app']]])(
    'of a script above the working directory leads out only when it is given (init --yes %j)',
    async (flags) => {
      const machine = await project({
        'package.json': '{"scripts":{"dev":"node --env-file=conf/.env.app a.js"}}',
        '.gitignore': '',
      });
      const outside = mkdtempSync(join(tmpdir(), 'outkit-outside-'));
      onTestFinished(() => rmSync(outside, { recursive: true }));
      symlinkSync(outside, join(machine.cwd, 'conf'));
      mkdirSync(join(machine.cwd, 'sub'));
      Object.assign(machine, { cwd: join(machine.cwd, 'sub') });
      const { exitCode, stderr } = await yes(machine, ...flags);
      const isGiven = flags.length > 0;
      expect([exitCode, existsSync(join(outside, '.env.app'))]).toEqual([isGiven ? 0 : 1, isGiven]);
      if (!isGiven) expect(stderr).toContain('leads out of the project');
    },
  );

  it('that git tracks ends it before anything is changed', async () => {
    const machine = await project({
      'package.json': '{"dependencies":{"nuxt":"4"}}',
      '.env': 'A=1\n',
      '.gitignore': '',
    });
    git(machine);
    execFileSync('git', ['add', '.env'], { cwd: machine.cwd });
    const { exitCode, stderr } = await yes(machine);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('.env is tracked by git')]);
    expect([has(machine, 'outkit.json'), await keysOf(machine)]).toEqual([false, []]);
  });

  it('that cannot be written in the end leaves no key that nobody holds', async () => {
    const machine = await project();
    const { create } = machine.keys;
    machine.override({
      async create(request) {
        machine.write('.env.local', 'CHANGED=meanwhile\n');
        return create(request);
      },
    });
    const { exitCode, stderr } = await yes(machine);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('Nobody holds the key, so it was revoked')]);
    expect((await keysOf(machine)).map(({ status }) => status)).toEqual(['revoked']);
  });
});

describe('.gitignore', () => {
  it.each([[true], [false]])('gets the env file when the person agrees (in a repository: %s)', async (inRepository) => {
    const machine = await project({ '.gitignore': 'node_modules\n' });
    if (inRepository) git(machine);
    const { stderr, questions } = await machine.run(['init', '--no-proxy'], { ...TTY, answers: [true, true] });
    expect(questions).toEqual([CREATE, IGNORE]);
    expect(read(machine, '.gitignore')).toBe('node_modules\n/.env.local\n');
    expect(stderr).toContain('Added .env.local to .gitignore\n');
    expect(stderr).not.toContain('Warning');
  });

  it('of a folder beside the project is left alone', async () => {
    const machine = await project({ 'package.json': '{}' });
    mkdirSync(join(machine.cwd, 'app'));
    machine.write('app/outkit.json', '{}');
    await yes(machine, '--config', 'app/outkit.json', '--env-file', 'beside.env');
    expect([read(machine, 'beside.env'), read(machine, '.gitignore')]).toEqual([expect.stringMatching(KEY), '.env*\n']);
  });

  it('stays when the person does not, who is warned once', async () => {
    const machine = await project({ '.gitignore': '' });
    git(machine);
    const { stderr } = await machine.run(['init', '--no-proxy'], { ...TTY, answers: [true, false] });
    expect(read(machine, '.gitignore')).toBe('');
    expect(stderr.match(/git does not ignore/g)).toHaveLength(1);
  });

  it.each([['.env*'], ['/.env.local'], ['.env.*'], ['*'], ['*.log\n!a*b\n.env.local']])(
    'is right with %s before there is a repository',
    async (rule) => {
      const machine = await project({ '.gitignore': `${rule}\n` });
      await yes(machine);
      expect(read(machine, '.gitignore')).toBe(`${rule}\n`);
    },
  );

  it.each([
    ['.env'],
    ['.env*\n!.env.local'],
    ['.env*\n!.env.*'],
    ['.env*\n!*.local'],
    ['.env.local/'],
    ['# .env.local'],
    ['.env.local\t'],
    ['*.local'],
    ['.env.local**'],
  ])('is not right with %j', async (rule) => {
    const machine = await project({ '.gitignore': `${rule}\n` });
    await yes(machine);
    expect(read(machine, '.gitignore')).toBe(`${rule}\n/.env.local\n`);
  });

  it('with rules made to be slow does not keep it waiting', () => {
    const name = '.env.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
    const rules = [`${'*a'.repeat(28)}*b`, `!${'*a'.repeat(28)}*b`, ' '.repeat(200_000), `!x${' '.repeat(200_000)}x`];
    const start = performance.now();
    expect(isCovered(rules, name, false)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('that is a FIFO does not keep it waiting', async () => {
    const machine = await project();
    rmSync(join(machine.cwd, '.gitignore'));
    execFileSync('mkfifo', [join(machine.cwd, '.gitignore')]);
    const { exitCode, stderr } = await yes(machine);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('.gitignore is not a regular file')]);
    expect(await keysOf(machine)).toEqual([]);
  });
});
