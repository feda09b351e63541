import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keepCredential } from '../credentials/credential-store.ts';
import { type Machine, type MachineOptions, PROFILE, SERVER } from '../machine.fixture.ts';
import { CREATE, git, has, KEY, keysOf, PROXY, project, read, TTY, WRITE, yes } from './init.fixture.ts';

describe('init', () => {
  it('makes outkit.json, puts a first key where the framework reads it, and writes the proxy', async () => {
    const machine = await project();
    const { exitCode, stdout, stderr, questions } = await machine.run(['init'], { ...TTY, answers: [true, true] });
    expect([exitCode, questions]).toEqual([0, [CREATE, WRITE]]);
    expect(JSON.parse(read(machine, 'outkit.json'))).toEqual({ profile: PROFILE });
    const [key] = await keysOf(machine);
    expect(key).toMatchObject({ name: 'dev key', environment: 'development' });
    expect(read(machine, '.env.local')).toMatch(/^OUTKIT_API_KEY=okd_\w{38}\n$/);
    expect(statSync(join(machine.cwd, '.env.local')).mode & 0o777).toBe(0o600);
    expect(stdout).toBe('');
    expect(read(machine, PROXY)).toContain(`apiUrl: process.env.OUTKIT_API_URL || '${SERVER}',`);
    expect(stderr).toContain('Found Next.js (next in package.json). Next.js reads .env.local\n');
    expect(stderr).toContain(
      `Created outkit.json: keys belong to profile Default (${PROFILE})\nCreated dev key (${key?.id}, development)\n`,
    );
    expect(stdout + stderr).not.toMatch(KEY);
  });

  it('changes nothing the second time, byte for byte, asks nothing and says what is right', async () => {
    const machine = await project();
    await yes(machine);
    const names = ['outkit.json', '.env.local', '.gitignore', PROXY];
    const before = names.map((name) => read(machine, name));
    for (const options of [TTY, {}] satisfies MachineOptions[]) {
      const { exitCode, stderr, questions } = await machine.run(['init'], options);
      expect([exitCode, questions]).toEqual([0, []]);
      const [key] = await keysOf(machine);
      const holds = `.env.local:1 holds dev key (${key?.id}, development)`;
      expect(stderr).toContain(
        `Nothing to do: outkit.json names profile Default (${PROFILE}), ${holds}, git ignores .env.local, ${PROXY} is there\n`,
      );
    }
    expect(names.map((name) => read(machine, name))).toEqual(before);
    expect(await keysOf(machine)).toHaveLength(1);
  });

  it('is one document with --json, without the key, and nothing else', async () => {
    const machine = await project();
    const { exitCode, stdout, stderr } = await yes(machine, '--json');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).not.toMatch(KEY);
    expect(JSON.parse(stdout)).toMatchObject({
      framework: { id: 'next', name: 'Next.js', sign: 'next in package.json' },
      server: SERVER,
      profile: { id: PROFILE, name: 'Default', created: false },
      config: { created: true, changed: ['profile'] },
      envFile: { path: join(machine.cwd, '.env.local'), variable: 'OUTKIT_API_KEY', line: 1, isRead: true },
      key: { name: 'dev key', created: true },
      gitignore: { added: [] },
      proxy: { file: PROXY, code: read(machine, PROXY), exists: false, written: true },
      page: null,
      changed: true,
      warnings: [],
    });
    const again = await machine.run(['init', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({
      changed: false,
      key: { created: false },
      proxy: { file: PROXY, exists: true, written: false },
    });
  });

  it('says exit 2 and names the flag where nobody can answer, before anything is changed', async () => {
    const machine = await project();
    const { exitCode, stdout, stderr } = await machine.run(['init']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`Nobody is there to answer: ${CREATE} Re-run with --yes`);
    expect(stderr).toMatch(/\n {2}Try: outkit init --yes\n$/);
    expect([has(machine, 'outkit.json'), has(machine, '.env.local'), await keysOf(machine)]).toEqual([
      false,
      false,
      [],
    ]);
  });

  it('changes nothing when a question is cancelled', async () => {
    const machine = await project({ '.gitignore': '' });
    git(machine);
    for (const answers of [['cancel'], [true, 'cancel'], [true, true, 'cancel']] as const) {
      const { exitCode } = await machine.run(['init'], { ...TTY, answers });
      expect(exitCode).toBe(130);
      expect([has(machine, 'outkit.json'), read(machine, '.gitignore'), has(machine, '.env.local')]).toEqual([
        false,
        '',
        false,
      ]);
    }
    expect(await keysOf(machine)).toEqual([]);
  });
});

describe('outkit.json', () => {
  it.each([
    ['{ "profile": "PROFILE" }\n', '{ "profile": "PROFILE", "envFile": ".env" }\n'],
    ['{\n    "profile": "PROFILE"\n}', '{\n    "profile": "PROFILE",\n    "envFile": ".env"\n}'],
    [
      '{\r\n\t"$schema": "x",\r\n\t"profile": "PROFILE"\r\n}\r\n',
      '{\r\n\t"$schema": "x",\r\n\t"profile": "PROFILE",\r\n\t"envFile": ".env"\r\n}\r\n',
    ],
    ['{"environment":"staging"}', '{"environment":"staging", "profile": "PROFILE", "envFile": ".env"}'],
    ['{}', '{\n  "profile": "PROFILE",\n  "envFile": ".env"\n}\n'],
  ])('%j is completed and otherwise kept', async (before, after) => {
    const machine = await project({
      'package.json': '{ "dependencies": { "nuxt": "4" } }',
      'outkit.json': before.replace('PROFILE', PROFILE),
      '.gitignore': '.env\n',
    });
    const { exitCode, stderr } = await yes(machine);
    expect([exitCode, read(machine, 'outkit.json')]).toEqual([0, after.replace('PROFILE', PROFILE)]);
    expect(stderr).toMatch(/Wrote (?:profile and )?envFile to outkit.json\n/);
    expect(read(machine, '.env')).toMatch(/ok[ds]_/);
  });

  it('that is a link stays one', async () => {
    const machine = await project({
      'package.json': '{ "dependencies": { "nuxt": "4" } }',
      'real.json': `{ "profile": "${PROFILE}" }`,
    });
    symlinkSync('real.json', join(machine.cwd, 'outkit.json'));
    await yes(machine);
    expect(realpathSync(join(machine.cwd, 'outkit.json'))).toBe(join(machine.cwd, 'real.json'));
    expect(read(machine, 'real.json')).toContain('"envFile": ".env"');
  });

  it.each([
    ['init', ['init', '--yes', '--env-file', '.env.app']],
    ['profiles use', ['profiles', 'use', PROFILE]],
    ['profiles create --use', ['profiles', 'create', '-n', 'Web', '--use']],
  ])('that is a link out of the project is not followed: %s', async (_, argv) => {
    const machine = await project();
    const outside = mkdtempSync(join(tmpdir(), 'outkit-outside-'));
    onTestFinished(() => rmSync(outside, { recursive: true }));
    const foreign = join(outside, 'its config.json');
    writeFileSync(foreign, '{ "mine": true }');
    symlinkSync(foreign, join(machine.cwd, 'outkit.json'));
    for (const inRepository of [false, true]) {
      if (inRepository) git(machine);
      const { exitCode, stderr } = await machine.run(argv);
      expect([exitCode, readFileSync(foreign, 'utf8')]).toEqual([1, '{ "mine": true }']);
      expect(stderr).toContain('outkit.json is a link out of the project, and was not changed');
      if (argv[2] !== '-n') expect(stderr).toContain(`  Try: --config '${foreign}'\n`);
    }
    expect([has(machine, '.env.app'), await keysOf(machine)]).toEqual([false, []]);
  });

  it('that is a link into another folder of the repository is changed there', async () => {
    const machine = await project({ 'shared.json': '{}' });
    git(machine);
    mkdirSync(join(machine.cwd, 'app'));
    symlinkSync('../shared.json', join(machine.cwd, 'app/outkit.json'));
    const { exitCode } = await yes(machine, '--config', 'app/outkit.json');
    expect([exitCode, JSON.parse(read(machine, 'shared.json')).profile]).toEqual([0, PROFILE]);
  });

  it('is made under the name that was given', async () => {
    const machine = await project();
    expect((await yes(machine, '--config', 'my.json')).exitCode).toBe(0);
    expect(JSON.parse(read(machine, 'my.json'))).toEqual({ profile: PROFILE });
    expect(has(machine, 'outkit.json')).toBe(false);
  });

  it('names a server that was named by flag, and does not take another one for it later', async () => {
    const machine = await project();
    await yes(machine, '--api-url', 'https://outkit.example.com');
    expect(JSON.parse(read(machine, 'outkit.json'))).toMatchObject({ apiUrl: 'https://outkit.example.com' });
    const { exitCode, stderr } = await yes(machine, '--api-url', 'https://other.example.com');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('outkit.json names the server https://outkit.example.com, not https://other.example.com');
  });

  it('is written down when it is the one login, since there may be a second tomorrow', async () => {
    const machine = await project();
    for (const server of [SERVER, 'https://other.example']) {
      await keepCredential(server, machine.server.start(), machine.io());
      const { exitCode } = await machine.run(['init', '--yes'], { env: { OUTKIT_TOKEN: '', OUTKIT_API_URL: '' } });
      expect([exitCode, JSON.parse(read(machine, 'outkit.json')).apiUrl]).toEqual([0, SERVER]);
    }
  });
});

describe('the profile', () => {
  async function withSecond(machine: Machine): Promise<string> {
    const { stdout } = await machine.run(['profiles', 'create', '-n', 'Mail']);
    return stdout.trim();
  }

  it('of outkit.json stays, also when there are others', async () => {
    const machine = await project({}, true);
    await withSecond(machine);
    expect(await yes(machine)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(`names profile Default (${PROFILE})`),
    });
  });

  it('is asked for when there are several and none is named', async () => {
    const machine = await project();
    const second = await withSecond(machine);
    const { questions } = await machine.run(['init'], { ...TTY, answers: [second, true, true] });
    expect(questions).toEqual(['Which profile do the keys of this project belong to?', CREATE, WRITE]);
    expect(JSON.parse(read(machine, 'outkit.json'))).toEqual({ profile: second });
    expect(await keysOf(machine, second)).toHaveLength(1);
  });

  it('can be of any of several teams, and a new one is made in the team that is chosen', async () => {
    const machine = await project();
    await withSecond(machine);
    const { create, list } = machine.profiles;
    const SECOND = 'team_3333333333333333';
    machine.server.addTeam('Shop', SECOND, 'owner');
    const made: (string | undefined)[] = [];
    machine.overrideProfiles({
      list: async (query) => (await list(query)).filter(() => query?.teamId !== SECOND),
      create: (profile, teamId) => {
        made.push(teamId);
        return create(profile);
      },
    });
    const { questions } = await machine.run(['init'], { ...TTY, answers: ['new', SECOND, 'Web', true, true] });
    expect(questions.slice(1, 3)).toEqual(['Which team does the new profile belong to?', 'Name of the new profile']);
    expect(made).toEqual([SECOND]);

    machine.overrideProfiles({ list: async () => [] });
    rmSync(join(machine.cwd, 'outkit.json'));
    rmSync(join(machine.cwd, '.env.local'));
    const { exitCode, stderr } = await yes(machine);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/ {2}Try: outkit init --yes --team team_2222222222222222\n$/),
    ]);
    expect(await yes(machine, '--team', 'Shop')).toMatchObject({ exitCode: 0 });
    expect(made).toEqual([SECOND, SECOND]);
  });

  it('can be a new one, with the plan of the first', async () => {
    const machine = await project();
    await withSecond(machine);
    const { exitCode, stderr } = await machine.run(['init'], { ...TTY, answers: ['new', 'Web', true, true] });
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/\nCreated profile Web \(prof_\w{16}\)\n/)]);
    const { profile } = JSON.parse(read(machine, 'outkit.json'));
    const shown = await machine.run(['profiles', 'show', profile, '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({ name: 'Web', plan: 'pro' });
  });

  it.each([[[]], [['--yes']]])('is named by flag where it cannot be asked for (init %j)', async (flags) => {
    const machine = await project();
    const second = await withSecond(machine);
    const { exitCode, stderr } = await machine.run(['init', ...flags]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `There are several profiles. Choose one with --profile. There are ${PROFILE} (Default), ${second} (Mail)`,
    );
    expect(has(machine, 'outkit.json')).toBe(false);
    expect((await yes(machine, '--profile', second)).exitCode).toBe(0);
    expect(JSON.parse(read(machine, 'outkit.json'))).toEqual({ profile: second });
  });

  it('of another server is not replaced silently', async () => {
    const machine = await project({ 'outkit.json': '{ "profile": "prof_3333333333333333" }' });
    const { exitCode, stderr } = await yes(machine);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining(`outkit.json names prof_3333333333333333, which ${SERVER} does not have`),
    ]);
  });

  it('that does not exist is exit 3', async () => {
    const machine = await project();
    const { exitCode, stderr } = await yes(machine, '--profile', 'prof_3333333333333333');
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining(`Try: outkit init --yes --profile ${PROFILE}`)]);
  });
});
