import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../test/seeded-random.ts';
import { ERRORS, type ErrorCode, OutkitError } from '../core/errors.ts';
import { renewLocalCredential, writeDevServerRecord } from './dev-server-record.ts';
import { ESC, Machine, PROFILE, SERVER } from './machine.fixture.ts';
import { run } from './main.ts';

const SECRET = `okp_7Hq3${'x'.repeat(34)}`;

async function failing(error: unknown, ...flags: string[]) {
  const machine = await Machine.start();
  machine.override({ list: () => Promise.reject(error) });
  return machine.run(['keys', 'list', ...flags]);
}

describe('exit codes', () => {
  it.each(Object.keys(ERRORS) as ErrorCode[])(
    '%s exits as the catalogue says, in both forms of errors',
    async (code) => {
      const error = new OutkitError(code, 'what', 'a command');
      const text = await failing(error);
      expect([text.exitCode, text.stdout]).toEqual([ERRORS[code].exitCode, '']);
      expect(text.stderr).toBe(`${code === 'cancelled' ? '' : 'Error: '}what\n  Try: a command\n`);
      const json = await failing(error, '--json');
      expect([json.exitCode, json.stdout]).toEqual([ERRORS[code].exitCode, '']);
      expect(JSON.parse(json.stderr)).toEqual({ error: { code, message: 'what', hint: 'a command' } });
    },
  );

  it('are 0 to 7, 130 and 143, and the help names each of them', async () => {
    const machine = await Machine.start();
    const { stdout } = await machine.run(['help', 'exit-codes']);
    const documented = [...stdout.matchAll(/^ +(\d+) /gm)].map((match) => Number(match[1]));
    expect(documented).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 130, 143]);
    for (const { exitCode } of Object.values(ERRORS)) expect(documented).toContain(exitCode);
  });
});

describe('an error', () => {
  it('of our own making is exit 1 without a stack trace, and says how to get one', async () => {
    const { exitCode, stderr } = await failing(new TypeError(`x is not a function ${SECRET}`));
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'Error: Something went wrong inside outkit: x is not a function okp_7Hq3••••••••\n  Try: OUTKIT_DEBUG=1 outkit keys list\n',
    );
  });

  it('has a stack trace with OUTKIT_DEBUG=1, without keys', async () => {
    const machine = await Machine.start();
    const cause = new Error(`because ${SECRET}${ESC}[2J`);
    machine.override({ list: () => Promise.reject(new OutkitError('internal', 'broken', null, { cause })) });
    const { stderr } = await machine.run(['keys', 'list'], { env: { OUTKIT_DEBUG: '1' } });
    expect(stderr).toMatch(/\n {4}at .*\.ts/);
    expect(stderr).toContain('Caused by: Error: because okp_7Hq3••••••••\\x1b[2J');
    expect(stderr).not.toContain(SECRET);
  });

  it('from a hostile server does nothing to the terminal', async () => {
    const { stderr } = await failing(new OutkitError('internal', `${ESC}[2J\r\n\u202e`, `${ESC}]0;x\x07`));
    expect(stderr).toBe('Error: \\x1b[2J\\x0d\\x0a\\u202e\n  Try: \\x1b]0;x\\x07\n');
  });
});

describe('what is typed wrongly', () => {
  it.each([
    [['keys', 'lst'], "Unknown command 'lst'", 'outkit keys list'],
    [['kyes', 'list'], "Unknown command 'kyes'", 'outkit keys list'],
    [['keys', 'list', '--jsn'], "Unknown option '--jsn'", 'outkit keys list --json'],
    [
      ['keys', 'create', '-n', "it's", '--evn', 'staging'],
      "Unknown option '--evn'",
      "outkit keys create -n 'it'\\''s' --env staging",
    ],
    [['frobnicate'], "Unknown command 'frobnicate'", 'outkit --help'],
    [['keys', 'revoke'], "Missing required argument 'keyId'", 'outkit keys revoke --help'],
    [['keys', 'stats', 'a', 'b'], 'Too many arguments', 'outkit keys stats --help'],
    [['keys', 'list', '--api-url'], "Option '--api-url <url>' argument missing", 'outkit keys list --help'],
    [['help', 'nothing'], 'There is no help on that', 'outkit --help'],
  ])('%j is exit 2, with the nearest thing to type', async (argv, message, hint) => {
    const machine = await Machine.start();
    const { exitCode, stdout, stderr } = await machine.run(argv);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`Error: ${message}`);
    expect(stderr).toContain(`  Try: ${hint}\n`);
    const json = await machine.run(['--json', ...argv]);
    expect(JSON.parse(json.stderr).error.code).toBe('usage');
  });
});

describe('help', () => {
  const COMMANDS = [
    ['keys', 'create'],
    ['keys', 'list'],
    ['keys', 'stats'],
    ['keys', 'rotate'],
    ['keys', 'revoke'],
    ['dev'],
  ];

  it.each(COMMANDS)(
    'of %s %s has two examples, the output and the exit codes, and needs no server',
    async (...command) => {
      const machine = await Machine.start();
      machine.write('outkit.json', 'not JSON');
      const { exitCode, stdout, stderr } = await machine.run([...command.filter(Boolean), '--help']);
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/Examples:\n {2}\$ .*\n {2}\$ .*\n/);
      expect(stdout).toMatch(/Output:\n {2}\S/);
      expect(stdout).toMatch(/Exit codes:\n {2}0 ok · 1 failure/);
      expect((await machine.run(['help', ...command.filter(Boolean)])).stdout).toBe(stdout);
    },
  );

  it.each([[[]], [['--help']], [['-h']], [['help']], [['keys']], [['keys', '--help']]])(
    '%j is on stdout, exit 0',
    async (argv) => {
      const machine = await Machine.start();
      const { exitCode, stdout, stderr } = await machine.run(argv);
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^Usage: outkit/);
    },
  );

  it('environment names each variable that is read', async () => {
    const machine = await Machine.start();
    const { stdout } = await machine.run(['help', 'environment']);
    for (const name of [
      'OUTKIT_API_URL',
      'OUTKIT_TOKEN',
      'OUTKIT_CONFIG',
      'OUTKIT_DATA_DIR',
      'OUTKIT_DEBUG',
      'NO_COLOR',
      'FORCE_COLOR',
      'CI',
    ]) {
      expect(stdout).toContain(`  ${name} `);
    }
  });
});

describe('streams', () => {
  it('get colour each by itself, and --no-color goes before --color', async () => {
    const machine = await Machine.start();
    await machine.newKey();
    const env = { TERM: 'xterm' };
    expect((await machine.run(['keys', 'list'], { tty: true, env })).stdout).toContain(ESC);
    expect((await machine.run(['keys', 'lst'], { tty: true, stdoutTTY: false, env })).stderr).toContain(ESC);
    expect((await machine.run(['keys', 'list', '--color'], { tty: true, env: { NO_COLOR: '1' } })).stdout).toContain(
      ESC,
    );
    for (const argv of [
      ['--no-color', '--color', 'keys', 'list'],
      ['keys', 'list', '--color', '--no-color'],
    ]) {
      expect((await machine.run(argv, { tty: true, env })).stdout).not.toContain(ESC);
    }
    expect((await machine.run(['keys', 'list', '--json', '--color'], { tty: true, env })).stdout).not.toContain(ESC);
  });

  it('carry warnings and notices on stderr, and none of them with --json', async () => {
    const machine = await Machine.start();
    machine.write('outkit.json', '{ "profile": "prof_2222222222222222", "extra": 1 }');
    expect((await machine.run(['keys', 'list'])).stderr).toContain('Warning:');
    expect((await machine.run(['keys', 'list', '--json'])).stderr).toBe('');
  });
});

it('without an active profile is exit 2, and the hint has one that exists', async () => {
  const machine = await Machine.start();
  machine.write('outkit.json', '{}');
  const { exitCode, stderr } = await machine.run(['keys', 'list']);
  expect(exitCode).toBe(2);
  expect(stderr).toBe(
    'Error: No active profile: outkit.json names none. There are prof_2222222222222222 (Default)\n  Try: outkit keys list --profile prof_2222222222222222\n',
  );
});

it('without any profile the hint makes one, and works', async () => {
  const machine = await Machine.start();
  await machine.run(['profiles', 'archive', PROFILE, '-y']);
  machine.write('outkit.json', '{}');
  const { exitCode, stderr } = await machine.run(['keys', 'list']);
  const hint = 'outkit profiles create -n Web --use';
  expect([exitCode, stderr]).toEqual([
    2,
    `Error: No active profile: outkit.json names none. There are none yet\n  Try: ${hint}\n`,
  ]);
  expect((await machine.run(hint.split(' ').slice(1))).exitCode).toBe(0);
  expect((await machine.run(['keys', 'list'])).exitCode).toBe(0);
});

describe('a profile that the server does not know', () => {
  const OTHER = 'prof_3333333333333333';

  it.each([[['keys', 'list']], [['keys', 'create', '-n', 'ci']]])(
    'of outkit.json is exit 3, and %j says which there are and how to use one',
    async (argv) => {
      const machine = await Machine.start();
      machine.write('outkit.json', `{ "profile": "${OTHER}" }`);
      const { exitCode, stdout, stderr } = await machine.run(argv);
      expect([exitCode, stdout]).toEqual([3, '']);
      expect(stderr).toBe(
        `Error: There is no profile ${OTHER} here, which outkit.json names. There are ${PROFILE} (Default)\n  Try: outkit profiles use ${PROFILE}\n`,
      );
    },
  );

  it('of --profile is exit 3, and the hint has one that exists', async () => {
    const machine = await Machine.start();
    const { exitCode, stderr } = await machine.run(['keys', 'list', '--profile', OTHER, '--all']);
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      `Error: There is no profile ${OTHER} here. There are ${PROFILE} (Default)\n  Try: outkit keys list --profile ${PROFILE} --all\n`,
    );
  });
});

describe('a token that the server refuses', () => {
  const refused = () => Promise.reject(new OutkitError('unauthenticated', 'This token is not valid here', 'set it'));

  it('is told to be OUTKIT_TOKEN when the running outkit dev has a credential of its own', async () => {
    const machine = await Machine.start();
    const directory = join(machine.cwd, '.outkit');
    await writeDevServerRecord(directory, { url: SERVER, pid: process.pid, startedAt: machine.now });
    await renewLocalCredential(directory, seededRandom(3));
    machine.override({ list: refused });
    const { exitCode, stderr } = await machine.run(['keys', 'list'], { env: { OUTKIT_API_URL: '' } });
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(
      / refuses the token of OUTKIT_TOKEN, which goes before its own credential\n {2}Try: unset OUTKIT_TOKEN\n$/,
    );
    const local = await machine.run(['keys', 'list'], { env: { OUTKIT_API_URL: '', OUTKIT_TOKEN: '' } });
    expect(local.stderr).toBe('Error: This token is not valid here\n  Try: set it\n');
  });

  it('is told as the server tells it elsewhere', async () => {
    const machine = await Machine.start();
    machine.override({ list: refused });
    expect((await machine.run(['keys', 'list'])).stderr).toBe('Error: This token is not valid here\n  Try: set it\n');
  });
});

it('prints the version without reading any configuration', async () => {
  const machine = await Machine.start();
  machine.write('outkit.json', 'not JSON');
  for (const flag of ['--version', '-V']) {
    const io = machine.io();
    expect(await run([flag], io)).toBe(0);
    expect(io.written.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  }
});
