import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutkitError } from '../../../core/errors.ts';
import type { CreateKey } from '../../../core/key-service.ts';
import { isWellFormedSecret } from '../../../core/secret.ts';
import { hashSecret } from '../../../core/secret-hash.ts';
import { Machine, NOON, PROFILE } from '../../machine.fixture.ts';

const CREATE = ['keys', 'create', '-n', 'dev key'];
const SECRET = /ok[dsp]_[0-9A-Za-z]{38}/g;

function envFile(machine: Machine): string {
  return readFileSync(join(machine.cwd, '.env.local'), 'utf8');
}

async function statuses(machine: Machine): Promise<string[]> {
  const page = await machine.keys.list({ profileId: PROFILE, includeEnded: true, cursor: null, limit: 100 });
  return page.data.map((key) => key.status);
}

describe('what create prints', () => {
  it('is the bare key and a newline where stdout is no terminal, even when the person sits at one', async () => {
    const machine = await Machine.start();
    const { exitCode, stdout, stderr, questions } = await machine.run(CREATE, { tty: true, stdoutTTY: false });
    expect([exitCode, questions]).toEqual([0, []]);
    expect(isWellFormedSecret(stdout.trimEnd())).toBe(true);
    expect(stdout).toMatch(/^okd_[0-9A-Za-z]{38}\n$/);
    expect(stderr).toMatch(/^Created dev key: key_\w{16}, prof_2222222222222222, development\n$/);
  });

  it('names what is not plain by itself on stderr', async () => {
    const machine = await Machine.start();
    const { stderr } = await machine.run([...CREATE, '--rate-limit', '7', '--expires', '90d']);
    expect(stderr).toMatch(/, development, rate limit 7 a minute, expires 2027-02-2\d \d\d:\d\d\n$/);
  });

  it('is name, id, profile, environment and the key alone on its line on a terminal, and that it is shown once', async () => {
    const machine = await Machine.start();
    const { stdout } = await machine.run([...CREATE, '--no-env-file'], { tty: true, env: { NO_COLOR: '1' } });
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('Created dev key');
    expect(lines[1]).toMatch(/^ {2}Id {10} key_\w{16}$/);
    expect(lines[2]).toBe(`  Profile      ${PROFILE}`);
    expect(lines[3]).toBe('  Environment  development');
    expect(lines[5]).toMatch(/^okd_[0-9A-Za-z]{38}$/);
    expect(lines[7]).toBe('Shown once. Save it now: it cannot be shown again.');
  });

  it('is one document with --json, key included, and nothing on stderr', async () => {
    const machine = await Machine.start();
    const { stdout, stderr } = await machine.run([...CREATE, '--json', '--expires', '90d', '--rate-limit', '7']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'dev key',
      profileId: PROFILE,
      environment: 'development',
      key: expect.stringMatching(SECRET),
      createdAt: '2026-11-23T12:00:00.000Z',
      expiresAt: '2027-02-21T12:00:00.000Z',
      rateLimitPerMinute: 7,
      lastUsedAt: null,
    });
  });

  it.each([[[]], [['--json']], [['--env-file']], [['--copy']]])(
    'has the plaintext exactly once, and stderr never (%j)',
    async (flags) => {
      for (const tty of [true, false]) {
        const machine = await Machine.start();
        const { stdout, stderr } = await machine.run([...CREATE, ...flags], { tty, answers: [false] });
        expect(stdout.match(SECRET)).toHaveLength(1);
        expect(stderr).not.toMatch(SECRET);
      }
    },
  );
});

describe('the server', () => {
  it('learns hash and start of a secret that was minted here, never the secret', async () => {
    const machine = await Machine.start();
    const { create } = machine.keys;
    const seen: CreateKey[] = [];
    machine.override({ create: (request) => create(seen[seen.push(request) - 1] as CreateKey) });
    const { plaintext } = await machine.newKey();
    expect(seen[0]?.secret).toEqual({ hash: hashSecret(plaintext), start: plaintext.slice(0, 8) });
    expect(JSON.stringify(seen)).not.toContain(plaintext);
  });

  it.each(['timeout', 'unreachable'] as const)(
    'is asked once more with the same hash after %s, so that one key comes of it',
    async (code) => {
      const machine = await Machine.start();
      const { create } = machine.keys;
      const hashes: (string | undefined)[] = [];
      machine.override({
        async create(request) {
          hashes.push(request.secret?.hash);
          const created = await create(request);
          if (hashes.length === 1) throw new OutkitError(code, 'lost on the way back');
          return created;
        },
      });
      const { exitCode } = await machine.run(CREATE);
      expect([exitCode, hashes.length, new Set(hashes).size]).toEqual([0, 2, 1]);
      expect(await statuses(machine)).toEqual(['active']);
    },
  );

  it('that never answers is exit 7, and the error says that a key may stand', async () => {
    const machine = await Machine.start();
    machine.override({ create: () => Promise.reject(new OutkitError('timeout', 'No answer within 10 s')) });
    const { exitCode, stdout, stderr } = await machine.run(CREATE);
    expect([exitCode, stdout]).toEqual([7, '']);
    expect(stderr).toBe(
      'Error: No answer within 10 s; it may have happened all the same, with a key that nobody holds: if it is in the list, revoke it\n  Try: outkit keys list\n',
    );
  });

  it('that mints itself is believed: its key is the one that is shown and written', async () => {
    const machine = await Machine.start();
    const { create } = machine.keys;
    machine.override({ create: (request) => create({ ...request, secret: null }) });
    const { stdout } = await machine.run([...CREATE, '--env-file']);
    const found = await machine.keys.findByHash(hashSecret(stdout.trim()));
    expect(found.secret).toBe('current');
    expect(envFile(machine)).toBe(`OUTKIT_API_KEY=${stdout}`);
  });
});

describe('a create that is typed wrongly', () => {
  it.each([
    [['keys', 'create'], 'A key needs a name'],
    [['keys', 'create', '-n', ''], 'A name has 1 to 64 characters'],
    [['keys', 'create', '-n', 'a'.repeat(65)], 'A name has 1 to 64 characters'],
    [['keys', 'create', '-n', 'a\u202eb'], 'A name has 1 to 64 characters'],
    [[...CREATE, '--env', 'prod'], "argument 'prod' is invalid"],
    [[...CREATE, '--rate-limit', '0'], '--rate-limit takes'],
    [[...CREATE, '--rate-limit', '1.5'], '--rate-limit takes'],
    [[...CREATE, '--rate-limit', '1000000001'], '--rate-limit takes'],
    [[...CREATE, '--expires', 'soon'], '--expires takes'],
    [[...CREATE, '--expires', '2026-11-23T11:59:59Z'], '--expires lies in the past'],
    [[...CREATE, '--expires', '2027-02-30'], 'day that does not exist'],
    [[...CREATE, '--expires', '2027-01-31T00:00:00'], '--expires takes'],
    [[...CREATE, '--expires', '1s'], "takes from 1m to 3650d\n  Try: outkit keys create -n 'dev key' --expires 1m\n"],
    [[...CREATE, '--rate-limit=0'], "Try: outkit keys create -n 'dev key' --rate-limit=100\n"],
    [[...CREATE, '--env-name', 'FOO'], '--env-name needs --env-file: no env file would be written'],
    [[...CREATE, '--env-name', 'FOO', '--no-env-file'], '--env-name needs --env-file'],
    [[...CREATE, '--force'], '--force needs --env-file'],
    [[...CREATE, '--no-show'], '--no-show needs --env-file'],
    [[...CREATE, '--no-show', '--no-env-file'], '--no-show needs --env-file'],
  ])('is exit 2 and creates nothing: %j', async (argv, message) => {
    const machine = await Machine.start();
    const { exitCode, stdout, stderr } = await machine.run(argv);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(machine.events).not.toContain('create');
  });

  it('names -n when it cannot ask for a name, and asks when it can', async () => {
    const machine = await Machine.start();
    expect((await machine.run(['keys', 'create'])).stderr).toContain('Try: outkit keys create -n');
    const asked = await machine.run(['keys', 'create'], { tty: true, stdoutTTY: false, answers: ['asked for'] });
    expect([asked.exitCode, asked.questions]).toEqual([0, ['Name of the key']]);
    expect(asked.stderr).toContain('Created asked for');
  });

  it('is exit 130 and creates nothing after Ctrl-C at the name', async () => {
    const machine = await Machine.start();
    const { exitCode, stderr } = await machine.run(['keys', 'create'], { tty: true, answers: ['cancel'] });
    expect([exitCode, stderr]).toEqual([130, 'Cancelled: nothing was changed\n']);
    expect(machine.events).not.toContain('create');
  });
});

describe('expiry', () => {
  it.each([
    ['90d', NOON + 90 * 86_400_000],
    ['30m', NOON + 30 * 60_000],
    ['2027-01-31', Date.parse('2027-01-31T00:00:00Z')],
    ['2027-01-31T08:30:00Z', Date.parse('2027-01-31T08:30:00Z')],
  ])('%s', async (text, expiresAt) => {
    const machine = await Machine.start();
    const { id } = await machine.newKey('--expires', text);
    expect((await machine.keys.find(id)).expiresAt).toBe(expiresAt);
  });
});

describe('the env file', () => {
  it('is offered after the key was shown, then the clipboard: nothing that can fail comes before the key', async () => {
    const machine = await Machine.start();
    const { exitCode, questions, copied } = await machine.run([...CREATE, '--copy'], { tty: true, answers: [true] });
    expect([exitCode, questions]).toEqual([0, ['Add OUTKIT_API_KEY to .env.local?']]);
    expect([...new Set(machine.events)]).toEqual(['create', 'stdout', 'question', 'clipboard']);
    expect(envFile(machine)).toBe(`OUTKIT_API_KEY=${copied[0]}\n`);
    expect(statSync(join(machine.cwd, '.env.local')).mode & 0o777).toBe(0o600);
  });

  it('is left alone when the person says no, or Ctrl-C, and the key stays', async () => {
    for (const [answer, code] of [
      [false, 0],
      ['cancel', 130],
    ] as const) {
      const machine = await Machine.start();
      const { exitCode } = await machine.run(CREATE, { tty: true, answers: [answer] });
      expect([exitCode, existsSync(join(machine.cwd, '.env.local'))]).toEqual([code, false]);
      expect(await statuses(machine)).toEqual(['active']);
    }
  });

  it('is offered under the name of --env-name', async () => {
    const machine = await Machine.start();
    const { questions } = await machine.run([...CREATE, '--env-name', 'FOO'], { tty: true, answers: [true] });
    expect(questions).toEqual(['Add FOO to .env.local?']);
    expect(envFile(machine)).toMatch(/^FOO=okd_/);
  });

  it.each([[['--no-env-file']], [['--no-input']], [['--json']]])('is not offered with %j', async (flags) => {
    const machine = await Machine.start();
    const { exitCode, questions } = await machine.run([...CREATE, ...flags], { tty: true });
    expect([exitCode, questions]).toEqual([0, []]);
  });

  it('takes the key unseen with --no-show: in the file, not on any stream', async () => {
    const machine = await Machine.start();
    const { exitCode, stdout, stderr } = await machine.run([...CREATE, '--env-file', '--no-show']);
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).not.toMatch(SECRET);
    expect(envFile(machine)).toMatch(/^OUTKIT_API_KEY=okd_\w{38}\n$/);
    const json = await machine.run([...CREATE, '--env-file=other.env', '--no-show', '--json']);
    expect(JSON.parse(json.stdout)).not.toHaveProperty('key');
  });

  it('that already holds another value is exit 2 without a terminal and names --force; nothing is created', async () => {
    const machine = await Machine.start();
    machine.write('.env.local', 'OUTKIT_API_KEY=mine\n');
    const refused = await machine.run([...CREATE, '--env-file']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("Try: outkit keys create -n 'dev key' --env-file --force");
    expect(machine.events).not.toContain('create');
    expect((await machine.run([...CREATE, '--env-file', '--force'])).exitCode).toBe(0);
    expect(envFile(machine)).toMatch(/^OUTKIT_API_KEY=okd_\w{38}\n$/);
  });

  it('that already holds another value is asked about before there is a key, and No creates nothing', async () => {
    const machine = await Machine.start();
    machine.write('.env.local', 'OUTKIT_API_KEY=mine\n');
    const { exitCode, questions } = await machine.run([...CREATE, '--env-file'], { tty: true, answers: [false] });
    expect([exitCode, questions]).toEqual([130, ['.env.local:1 holds another OUTKIT_API_KEY. Replace it?']]);
    expect(machine.events).not.toContain('create');
  });

  it('that must not be written is refused before there is a key', async () => {
    const machine = await Machine.start();
    mkdirSync(join(machine.cwd, 'folder'));
    for (const flags of [['--env-file=folder'], ['--env-file', '--env-name', 'NEXT_PUBLIC_KEY']]) {
      const { exitCode, stdout } = await machine.run([...CREATE, ...flags]);
      expect([exitCode, stdout]).toEqual([1, '']);
    }
    expect(machine.events).not.toContain('create');
  });
});

describe('an env file that fails to be written after the key was created', () => {
  /** Between the checks and the writing somebody else changes the file. */
  async function failing(): Promise<Machine> {
    const machine = await Machine.start();
    machine.write('.env.local', 'A=1\n');
    const { create } = machine.keys;
    machine.override({
      create(request) {
        machine.write('.env.local', 'A=2\n');
        return create(request);
      },
    });
    return machine;
  }

  it('leaves a key that was shown as it is, with exit 1', async () => {
    const machine = await failing();
    const { exitCode, stdout, stderr } = await machine.run([...CREATE, '--env-file']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(SECRET);
    expect(stderr).toContain('The key printed above is valid all the same');
    expect(await statuses(machine)).toEqual(['active']);
    expect(envFile(machine)).toBe('A=2\n');
  });

  it('revokes a key that nobody has seen, with exit 1', async () => {
    const machine = await failing();
    const { exitCode, stdout, stderr } = await machine.run([...CREATE, '--env-file', '--no-show']);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('Nobody holds the key, so it was revoked');
    expect(await statuses(machine)).toEqual(['revoked']);
  });

  it('says how to revoke a key that nobody has seen when revoking fails too', async () => {
    const machine = await failing();
    machine.override({ revoke: () => Promise.reject(new OutkitError('unreachable', 'gone')) });
    const { exitCode, stderr } = await machine.run([...CREATE, '--env-file', '--no-show']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/The key stands, but nobody holds it\n {2}Try: outkit keys revoke key_\w{16}\n$/);
  });
});

describe('the clipboard', () => {
  it('that is missing only warns', async () => {
    const machine = await Machine.start();
    const { exitCode, stderr } = await machine.run([...CREATE, '--copy'], { clipboard: 'missing' });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Warning: Not copied');
  });
});

it('creates under the profile of --profile, and in the environment of outkit.json unless --env says otherwise', async () => {
  const machine = await Machine.start();
  machine.write('outkit.json', `{ "profile": "prof_3333333333333333", "environment": "staging" }`);
  const { stdout } = await machine.run([...CREATE, '--profile', PROFILE, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    profileId: PROFILE,
    environment: 'staging',
    key: expect.stringMatching(/^oks_/),
  });
  const other = await machine.run([...CREATE, '--profile', PROFILE, '--env', 'production', '--json']);
  expect(JSON.parse(other.stdout).key).toMatch(/^okp_/);
  expect((await machine.run(CREATE)).exitCode).toBe(3);
});
