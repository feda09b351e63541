import { readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProfileSummary } from '../../../core/profile-service.ts';
import { ESC, Machine, PROFILE } from '../../machine.fixture.ts';

const PLAIN = { tty: true, env: { NO_COLOR: '1' } };

async function newProfile(machine: Machine, ...flags: string[]): Promise<ProfileSummary> {
  const { stdout } = await machine.run(['profiles', 'create', '-n', 'Web', '--json', ...flags]);
  return JSON.parse(stdout);
}

const shown = async (machine: Machine, id: string): Promise<ProfileSummary> =>
  JSON.parse((await machine.run(['profiles', 'show', id, '--json'])).stdout);

const config = (machine: Machine) => readFileSync(join(machine.cwd, 'outkit.json'), 'utf8');

describe('create', () => {
  it('makes a profile and shows it: facts on a terminal, the bare id in a pipe, all of it with --json', async () => {
    const machine = await Machine.start();
    const flags = ['--plan', 'pro', '--set', '--outkit-primary=#b30069'];
    const terminal = await machine.run(['profiles', 'create', '-n', 'Web', ...flags], PLAIN);
    expect(terminal.stdout).toMatch(
      /^Created Web\n {2}Id {6}prof_\w{16}\n {2}Plan {4}pro \(100 requests a minute for each key, 8 components\)\n {2}Tokens {2}1\n$/,
    );
    const piped = await machine.run(['profiles', 'create', '-n', 'Web']);
    expect(piped).toMatchObject({ stdout: expect.stringMatching(/^prof_\w{16}\n$/), stderr: '', exitCode: 0 });
    expect(await newProfile(machine, ...flags)).toEqual({
      id: expect.stringMatching(/^prof_/),
      name: 'Web',
      plan: 'pro',
      design: { '--outkit-primary': '#b30069' },
      createdAt: '2026-11-23T12:00:00.000Z',
      archivedAt: null,
    });
    expect(config(machine)).toContain(PROFILE);
  });

  it('takes the name from the answer on a terminal, and is exit 2 without one', async () => {
    const machine = await Machine.start();
    const asked = await machine.run(['profiles', 'create'], { ...PLAIN, answers: ['Shop'] });
    expect([asked.questions, asked.exitCode]).toEqual([['Name of the profile'], 0]);
    const piped = await machine.run(['profiles', 'create']);
    expect(piped).toMatchObject({
      exitCode: 2,
      stderr: 'Error: A profile needs a name\n  Try: outkit profiles create -n <name>\n',
    });
    expect((await machine.run(['profiles', 'create', '-n', 'a\u202eb'])).exitCode).toBe(2);
  });

  it('puts tokens of --set over those of the file', async () => {
    const machine = await Machine.start();
    machine.write('design.json', '{ "--outkit-primary": "red", "--outkit-radius": "4px" }');
    const made = await newProfile(
      machine,
      '--design',
      'design.json',
      '--set=--outkit-primary=#b30069',
      '--set',
      '--outkit-font=a, b',
    );
    expect(made.design).toEqual({ '--outkit-primary': '#b30069', '--outkit-radius': '4px', '--outkit-font': 'a, b' });
  });

  it('--use makes it the active one, and says so', async () => {
    const machine = await Machine.start();
    const { stdout, stderr } = await machine.run(['profiles', 'create', '-n', 'Web', '--use']);
    expect(stderr).toBe(`${join(machine.cwd, 'outkit.json')} names it now\n`);
    expect(config(machine)).toBe(`{ "profile": "${stdout.trim()}" }\n`);
  });

  it.each([
    ['a token without value', ['--set', '--outkit-primary'], '--set takes a token and its value'],
    ['no token', ['--set', 'primary=red'], '--set: the token must be a property such as --outkit-primary'],
    [
      'a value that leaves its declaration',
      ['--set', '--outkit-a=red;x'],
      '--set: the value must be a plain CSS value',
    ],
    ['an empty value', ['--set', '--outkit-a='], '--set: the value must be'],
    ['a file that is not there', ['--design', 'nowhere.json'], 'nowhere.json: does not exist'],
    ['another plan', ['--plan', 'gold'], "Option '--plan <plan>' argument 'gold' is invalid"],
  ])('of %s is refused before the server is asked', async (_, flags, message) => {
    const machine = await Machine.start();
    const runs = machine.accesses.length;
    const { exitCode, stderr } = await machine.run(['profiles', 'create', '-n', 'Web', ...flags]);
    expect([exitCode === 2 || exitCode === 1, stderr]).toEqual([true, expect.stringContaining(message)]);
    expect(machine.accesses).toHaveLength(runs);
  });

  it.each([
    ['{', 1],
    ['[]', 1],
    ['{\n  "--outkit-a": "red",\n  "color": "red"\n}', 3],
    ['{\n\n  "--outkit-a": 8\n}', 3],
    ['{\n  "--outkit-a": "url(javascript:x);"\n}', 2],
  ])('names the file and line of a design file such as %j, and not its values', async (text, line) => {
    const machine = await Machine.start();
    machine.write('design.json', text);
    const { exitCode, stderr } = await machine.run(['profiles', 'create', '-n', 'Web', '--design', 'design.json']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${join(machine.cwd, 'design.json')}:${line}: `);
    expect(stderr).not.toContain('javascript');
  });

  it('hints at --set for a token that stands alone', async () => {
    const machine = await Machine.start();
    const { stderr } = await machine.run(['profiles', 'create', '-n', 'Web', '--outkit-primary=red']);
    expect(stderr).toContain('Try: outkit profiles create -n Web --set --outkit-primary=red\n');
  });
});

describe('list', () => {
  it('is a table that says which one is in use, cards on narrow terminals, and tabs in a pipe', async () => {
    const machine = await Machine.start();
    machine.now += 1000;
    const { id } = await newProfile(machine, '--set', '--outkit-a=1');
    const table = [
      'ID                     NAME     PLAN  TOKENS  STATUS',
      `${PROFILE}  Default  pro   0       in use`,
      `${id}  Web      free  1       available`,
      '',
    ];
    expect((await machine.run(['profiles', 'list'], PLAIN)).stdout).toBe(table.join('\n'));
    const cards = [
      'Default',
      `  ${PROFILE}  in use`,
      '  pro  0 tokens',
      'Web',
      `  ${id}  available`,
      '  free  1 token',
      '',
    ];
    expect((await machine.run(['profiles', 'list'], { ...PLAIN, columns: 59 })).stdout).toBe(cards.join('\n'));
    const lines = [`${PROFILE}\tDefault\tpro\t0\tin use`, `${id}\tWeb\tfree\t1\tavailable`, ''];
    expect((await machine.run(['profiles', 'list'], { columns: 20 })).stdout).toBe(lines.join('\n'));
  });

  it('has archived ones with --all only, and is one document with --json', async () => {
    const machine = await Machine.start();
    const { id } = await newProfile(machine);
    await machine.run(['profiles', 'archive', id, '-y']);
    expect((await machine.run(['profiles', 'list'])).stdout).not.toContain(id);
    const { stdout, stderr } = await machine.run(['profiles', 'list', '--all', '--json']);
    expect(stderr).toBe('');
    const { data, hasMore } = JSON.parse(stdout);
    expect(hasMore).toBe(false);
    expect(
      data.map((one: { archivedAt: string | null; inUse: boolean }) => [one.archivedAt, one.inUse]).sort(),
    ).toEqual(
      [
        ['2026-11-23T12:00:00.000Z', false],
        [null, true],
      ].sort(),
    );
  });
});

describe('show', () => {
  it('shows the active one without an id, tokens by their names, and a swatch where there is colour', async () => {
    const machine = await Machine.start();
    const { id } = await newProfile(
      machine,
      '--use',
      '--set',
      '--outkit-primary=#b30069',
      '--set',
      '--outkit-radius=4px',
    );
    expect((await machine.run(['profiles', 'show'], { ...PLAIN })).stdout).toMatch(
      new RegExp(
        `^Web \\(${id}\\)  in use\n  Plan     free .*\n  Created  .*\n\nDesign\n  --outkit-primary  #b30069\n  --outkit-radius   4px\n$`,
      ),
    );
    const env = { TERM: 'xterm', COLORTERM: 'truecolor' };
    const coloured = await machine.run(['profiles', 'show', id], { tty: true, env });
    expect(coloured.stdout).toContain(`${ESC}[48;2;179;0;105m  ${ESC}[0m #b30069\n`);
    expect((await machine.run(['profiles', 'show', id], { tty: true, env: { TERM: 'xterm' } })).stdout).toContain(
      `${ESC}[48;5;125m  ${ESC}[0m #b30069`,
    );
    const piped = await machine.run(['profiles', 'show', id.slice(0, 12)]);
    expect(piped.stdout).toMatch(new RegExp(`^id\t${id}\nname\tWeb\nplan\tfree\nstatus\tin use\n`));
    expect(piped.stdout).toMatch(/\narchivedAt\tnever\n--outkit-primary\t#b30069\n--outkit-radius\t4px\n$/);
  });

  it('of a hostile server does nothing to the terminal', async () => {
    const machine = await Machine.start();
    const evil = `${ESC}[2J\u202e\r`;
    const find = async () => ({
      id: evil,
      name: evil,
      plan: 'free' as const,
      design: { [evil]: evil },
      createdAt: 0,
      archivedAt: 0,
    });
    machine.overrideProfiles({ find, list: async () => [await find()] });
    for (const argv of [
      ['profiles', 'show', PROFILE],
      ['profiles', 'list', '--all'],
    ]) {
      for (const options of [PLAIN, { ...PLAIN, columns: 30 }, {}]) {
        const { stdout } = await machine.run(argv, options);
        expect(stdout).toContain('\\x1b[2J\\u202e\\x0d');
        expect(stdout).not.toMatch(/(?![\n\t])[\p{Cc}\u202e]/u);
      }
    }
  });
});

describe('update', () => {
  it('changes what is given, replaces with --design, and says where it is in force', async () => {
    const machine = await Machine.start();
    const { id } = await newProfile(machine, '--set', '--outkit-a=1', '--set', '--outkit-b=1');
    machine.gateways = { confirmed: 3, waitedOut: 0, ms: 4 };
    const flags = [
      '-n',
      'Shop',
      '--plan',
      'pro',
      '--set',
      '--outkit-b=2',
      '--unset',
      '--outkit-a',
      '--unset=--outkit-z',
    ];
    const { stdout, stderr } = await machine.run(['profiles', 'update', id, ...flags]);
    expect(stdout).toBe(`Updated Shop (${id}): in force on 3/3 gateways after 4 ms\n`);
    expect(stderr).toBe('There was no --outkit-z to take away\n');
    expect(await shown(machine, id)).toMatchObject({ name: 'Shop', plan: 'pro', design: { '--outkit-b': '2' } });
    machine.write('design.json', '{ "--outkit-c": "3" }');
    const json = await machine.run(['profiles', 'update', id, '--design', 'design.json', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      name: 'Shop',
      design: { '--outkit-c': '3' },
      gateways: { confirmed: 3 },
    });
  });

  it('of nothing, or under a name that is none, is exit 2', async () => {
    const machine = await Machine.start();
    expect(await machine.run(['profiles', 'update', PROFILE])).toMatchObject({
      exitCode: 2,
      stderr: `Error: Nothing to change: give a flag\n  Try: outkit profiles update ${PROFILE} --plan pro\n`,
    });
    expect((await machine.run(['profiles', 'update', PROFILE, '-n', ''])).exitCode).toBe(2);
  });

  it('of an archived profile is exit 5', async () => {
    const machine = await Machine.start();
    const { id } = await newProfile(machine);
    await machine.run(['profiles', 'archive', id, '-y']);
    for (const argv of [
      ['profiles', 'update', id, '--plan', 'pro'],
      ['profiles', 'use', id],
      ['keys', 'create', '-n', 'late', '--profile', id],
    ]) {
      expect(await machine.run(argv)).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('archived') });
    }
  });
});

describe('use', () => {
  it('changes the one value in outkit.json and nothing else: not its mode, breaks, order or other fields', async () => {
    const machine = await Machine.start();
    const { id } = await newProfile(machine);
    const text = (profile: string) =>
      `{\r\n\t"envFile" : ".env",  \r\n\t"profile":"${profile}","environment": "staging"\r\n}`;
    machine.write('outkit.json', text(PROFILE));
    const path = join(machine.cwd, 'outkit.json');
    const { mode } = statSync(path);
    const { stdout, stderr } = await machine.run(['profiles', 'use', id]);
    expect([stdout, stderr]).toEqual([`Using Web (${id}): ${path} names it\n`, '']);
    expect(config(machine)).toBe(text(id));
    expect(statSync(path).mode).toBe(mode);
    expect(JSON.parse((await machine.run(['profiles', 'use', id, '--json'])).stdout)).toMatchObject({ id, path });
  });

  it('follows a link to the file, and adds the field where there is none', async () => {
    const machine = await Machine.start();
    machine.write('real.json', '{ "envFile": ".env" }');
    symlinkSync('real.json', join(machine.cwd, 'linked.json'));
    const { exitCode } = await machine.run(['profiles', 'use', PROFILE, '--config', 'linked.json']);
    expect(exitCode).toBe(0);
    expect(readFileSync(join(machine.cwd, 'real.json'), 'utf8')).toBe(`{ "envFile": ".env", "profile": "${PROFILE}" }`);
  });

  it.each(['not JSON', '[]', '{ "profile": 1 }', ''])(
    'refuses a broken file such as %j and leaves it',
    async (text) => {
      const machine = await Machine.start();
      machine.write('outkit.json', text);
      const { exitCode, stderr } = await machine.run(['profiles', 'use', PROFILE]);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('outkit.json:1: ')]);
      expect(config(machine)).toBe(text);
    },
  );
});

describe('archive', () => {
  it('asks with name, number of active keys and last use, default No, and changes nothing on No or Ctrl-C', async () => {
    const machine = await Machine.start();
    const { list } = machine.keys;
    for (const answer of [false, 'cancel'] as const) {
      const { exitCode, questions } = await machine.run(['profiles', 'archive', PROFILE], {
        tty: true,
        answers: [answer],
      });
      expect(exitCode).toBe(130);
      const what = 'Its keys are refused at once. This cannot be undone.';
      expect(questions).toEqual([`Archive Default (${PROFILE}) with no active keys? ${what}`]);
    }
    await machine.newKey();
    await machine.newKey();
    const { id } = await machine.newKey();
    await machine.run(['keys', 'revoke', id, '-y']);
    machine.override({
      async list(query) {
        const page = await list(query);
        return { ...page, data: page.data.map((key) => ({ ...key, lastUsedAt: machine.now })) };
      },
    });
    const { questions } = await machine.run(['profiles', 'archive', PROFILE], { tty: true, answers: [false] });
    expect(questions[0]).toContain(`Archive Default (${PROFILE}) with 2 active keys, last used just now?`);
    expect((await shown(machine, PROFILE)).archivedAt).toBeNull();
  });

  it('says where it is in force, that outkit.json still names it, and again that it already was', async () => {
    const machine = await Machine.start();
    machine.gateways = { confirmed: 1, waitedOut: 0, ms: 2 };
    const { stdout, stderr, exitCode } = await machine.run(['profiles', 'archive', PROFILE], {
      ...PLAIN,
      answers: [true],
    });
    expect(stdout).toBe(`Archived Default (${PROFILE}): in force on 1/1 gateways after 2 ms\n`);
    expect([exitCode, stderr]).toEqual([
      0,
      'outkit.json still names it. Choose another: outkit profiles use <profileId>\n',
    ]);
    machine.now += 1000;
    const again = await machine.run(['profiles', 'archive', PROFILE], PLAIN);
    expect([again.exitCode, again.questions]).toEqual([0, []]);
    expect(again.stdout).toContain('Already archived: Default');
    const json = await machine.run(['profiles', 'archive', PROFILE, '-y', '--json']);
    const gateways = { confirmed: 1, waitedOut: 0, ms: 2 };
    expect(JSON.parse(json.stdout)).toEqual({ id: PROFILE, archivedAt: '2026-11-23T12:00:00.000Z', gateways });
    expect((await machine.run(['keys', 'list', '--json'])).exitCode).toBe(0);
  });

  it('without a terminal is exit 2, names -y, and speaks to no server', async () => {
    const machine = await Machine.start();
    const { exitCode, stderr } = await machine.run(['profiles', 'archive', PROFILE]);
    const what = 'Refusing to archive without confirmation. Re-run with -y.';
    expect([exitCode, stderr]).toEqual([2, `Error: ${what}\n  Try: outkit profiles archive ${PROFILE} -y\n`]);
    expect(machine.accesses).toEqual([]);
  });
});

describe('an id', () => {
  it('can be a prefix where it is only read or a person looks, and must be whole elsewhere', async () => {
    const machine = await Machine.start();
    const { id } = await newProfile(machine);
    const prefix = id.slice(0, 11);
    expect((await machine.run(['profiles', 'show', prefix])).stdout).toContain(id);
    expect((await machine.run(['profiles', 'use', prefix], { tty: true })).exitCode).toBe(0);
    for (const argv of [
      ['profiles', 'use', prefix],
      ['profiles', 'update', prefix, '--plan', 'pro'],
      ['profiles', 'archive', prefix, '-y'],
    ]) {
      const { exitCode, stderr } = await machine.run(argv);
      const whole = ['outkit', ...argv].join(' ').replace(prefix, id);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`Try: ${whole}\n`)]);
    }
    expect((await machine.run(['profiles', 'show', 'prof_22'])).exitCode).toBe(2);
  });

  it('that fits several, is nobody’s, has a typo or is a name gets the hint that helps', async () => {
    const machine = await Machine.start();
    const twin = `${PROFILE.slice(0, 12)}33333333`.slice(0, PROFILE.length);
    const { find, list } = machine.profiles;
    machine.overrideProfiles({
      list: async (query) => [...(await list(query)), { ...(await find(PROFILE)), id: twin, name: 'Twin' }],
    });
    const several = await machine.run(['profiles', 'show', PROFILE.slice(0, 10)]);
    expect(several).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`${PROFILE} (Default), ${twin} (Twin)`),
    });
    const nobodys = await machine.run(['profiles', 'show', 'prof_zzzzzzzzzzzzzzzz']);
    expect(nobodys).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('Try: outkit profiles list --all\n'),
    });
    const typo = await machine.run(['profiles', 'show', `${PROFILE.slice(0, -1)}4`]);
    expect(typo).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`Try: outkit profiles show ${PROFILE}\n`),
    });
    const named = await machine.run(['profiles', 'use', 'Twin']);
    expect(named).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`Try: outkit profiles use ${twin}\n`) });
    expect((await machine.run(['profiles', 'show', 'key_2222222222222222'])).exitCode).toBe(2);
  });
});

describe('what is typed wrongly', () => {
  it.each([
    [['profiles', 'delete', PROFILE], `outkit profiles archive ${PROFILE}`],
    [['profiles', 'ls'], 'outkit profiles list'],
    [['profiles', 'switch', PROFILE], `outkit profiles use ${PROFILE}`],
    [['profiles', 'lst'], 'outkit profiles list'],
    [['profile', 'list'], 'outkit profiles list'],
    [['profiles', 'create', 'Web'], 'outkit profiles create -n Web'],
    [['profiles', 'show', 'a', 'b'], 'outkit profiles show --help'],
  ])('%j is exit 2, with the nearest thing to type', async (argv, hint) => {
    const machine = await Machine.start();
    const { exitCode, stderr } = await machine.run(argv);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`  Try: ${hint}\n`)]);
  });
});

describe('help', () => {
  it.each(['create', 'list', 'show', 'update', 'use', 'archive'])(
    'of %s has two examples, the output and the exit codes, and needs no server',
    async (command) => {
      const machine = await Machine.start();
      machine.write('outkit.json', 'not JSON');
      const { exitCode, stdout, stderr } = await machine.run(['profiles', command, '--help']);
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/Examples:\n {2}\$ .*\n {2}\$ .*\n/);
      expect(stdout).toMatch(/Output:\n {2}\S/);
      expect(stdout).toMatch(/Exit codes:\n {2}0 ok · 1 failure/);
      expect((await machine.run(['help', 'profiles', command])).stdout).toBe(stdout);
    },
  );
});
