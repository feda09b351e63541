import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Machine, PROFILE } from '../../machine.fixture.ts';

const config = (machine: Machine) => readFileSync(join(machine.cwd, 'outkit.json'), 'utf8');

const PLAIN = { tty: true, env: { NO_COLOR: '1' } };

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
    const json = await machine.run(['profiles', 'create', '-n', 'Web', '--json', ...flags]);
    expect(JSON.parse(json.stdout)).toEqual({
      id: expect.stringMatching(/^prof_/),
      teamId: expect.stringMatching(/^team_/),
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
    const flags = ['--design', 'design.json', '--set=--outkit-primary=#b30069', '--set', '--outkit-font=a, b'];
    const { stdout } = await machine.run(['profiles', 'create', '-n', 'Web', '--json', ...flags]);
    expect(JSON.parse(stdout).design).toEqual({
      '--outkit-primary': '#b30069',
      '--outkit-radius': '4px',
      '--outkit-font': 'a, b',
    });
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
