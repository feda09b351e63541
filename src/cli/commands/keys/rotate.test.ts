import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutkitError } from '../../../core/errors.ts';
import type { CallerUse } from '../../../core/key-service.ts';
import { hashSecret } from '../../../core/secret-hash.ts';
import { Machine, NOON, PROFILE } from '../../machine.fixture.ts';

const HOUR_MS = 3_600_000;
const SECRET = /ok[dsp]_[0-9A-Za-z]{38}/g;
const USE: CallerUse = { at: NOON - 180_000, ip: '10.0.0.1', agent: 'curl/8.5' };

async function withKey(): Promise<{ machine: Machine; id: string; plaintext: string }> {
  const machine = await Machine.start();
  return { machine, ...(await machine.newKey()) };
}

/** Makes the server report that the current secret, or in a grace window both, were used. */
function used(machine: Machine): void {
  const { stats } = machine.keys;
  machine.override({
    async stats(id, windowMs) {
      const found = await stats(id, windowMs);
      const { previousSecret } = found;
      return {
        ...found,
        currentSecret: { ...found.currentSecret, lastUse: USE },
        previousSecret: previousSecret && { ...previousSecret, answered: 12, share: 0.25, lastUse: USE },
      };
    },
  });
}

describe('rotate', () => {
  it('shows the new key once and keeps the old one for 24 h, without a question', async () => {
    const { machine, id, plaintext } = await withKey();
    const flags = ['--no-env-file'];
    const { exitCode, stdout, questions } = await machine.run(['keys', 'rotate', id, ...flags], { tty: true });
    expect([exitCode, questions]).toEqual([0, []]);
    expect(stdout.match(SECRET)).toHaveLength(1);
    expect(stdout).not.toContain(plaintext);
    expect(stdout).toMatch(/old key accepted until 2026-11-2\d \d\d:\d\d \(24h\)\n$/);
    expect((await machine.keys.find(id)).previousSecret?.acceptedUntil).toBe(NOON + 24 * HOUR_MS);
    expect((await machine.keys.findByHash(hashSecret(plaintext))).secret).toBe('previous');
  });

  it('prints the bare key where stdout is no terminal, and tells the rest on stderr without the key', async () => {
    const { machine, id } = await withKey();
    const { stdout, stderr } = await machine.run(['keys', 'rotate', id, '--grace', '7d']);
    expect(stdout).toMatch(/^okd_\w{38}\n$/);
    expect(stderr).toMatch(/^Rotated dev key: .*\nold key accepted until .* \(7d\)\n$/);
    expect(stderr).not.toMatch(SECRET);
  });

  it('prints one document with --json', async () => {
    const { machine, id } = await withKey();
    const { stdout, stderr } = await machine.run(['keys', 'rotate', id, '--json']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      id,
      status: 'rotating',
      key: expect.stringMatching(/^okd_/),
      previousSecret: { acceptedUntil: '2026-11-24T12:00:00.000Z' },
    });
  });

  it('is sent once more with the same hash when no answer came, and rotates once', async () => {
    const { machine, id } = await withKey();
    const { rotate } = machine.keys;
    let calls = 0;
    machine.override({
      async rotate(keyId, request) {
        const rotated = await rotate(keyId, request);
        if (++calls === 1) throw new OutkitError('timeout', 'lost');
        return rotated;
      },
    });
    expect((await machine.run(['keys', 'rotate', id])).exitCode).toBe(0);
    expect(calls).toBe(2);
    expect((await machine.keys.find(id)).status).toBe('rotating');
  });

  it.each([
    [[], '--cancel', 'cancel the rotation'],
    [['--replace-new'], '--cancel', 'cancel the rotation'],
    [['--grace', '0', '-y'], '--grace 0 -y', 'rotate once more'],
  ])('%j without an answer may have happened, and the error says how to go on', async (flags, repair, what) => {
    const { machine, id } = await withKey();
    if (flags[0] === '--replace-new') await machine.run(['keys', 'rotate', id]);
    const errors = [new OutkitError('timeout', 'No answer'), new OutkitError('unreachable', 'Cannot reach it')];
    machine.override({ rotate: () => Promise.reject(errors.shift()) });
    const { exitCode, stdout, stderr } = await machine.run(['keys', 'rotate', id, ...flags]);
    expect([exitCode, stdout]).toEqual([7, '']);
    expect(stderr).toBe(
      `Error: Cannot reach it; it may have happened all the same, with a key that nobody holds: ${what}\n  Try: outkit keys rotate ${id} ${repair}\n`,
    );
  });

  it('inside a grace window is exit 5 and names both ways out', async () => {
    const { machine, id } = await withKey();
    await machine.run(['keys', 'rotate', id]);
    const { exitCode, stdout, stderr } = await machine.run(['keys', 'rotate', id]);
    expect([exitCode, stdout]).toEqual([5, '']);
    expect(stderr).toContain(`outkit keys rotate ${id} --replace-new`);
    expect(stderr).toContain(`outkit keys rotate ${id} --cancel`);
  });

  it('of a revoked key is exit 5, and the hint makes a new one like it', async () => {
    const { machine, id } = await withKey();
    await machine.run(['keys', 'revoke', id, '-y']);
    for (const flags of [[], ['--cancel'], ['--extend', '1h']]) {
      const { exitCode, stderr } = await machine.run(['keys', 'rotate', id, ...flags]);
      expect(exitCode).toBe(5);
      expect(stderr).toContain(`Try: outkit keys create -n 'dev key' --profile ${PROFILE} --env development\n`);
    }
  });
});

describe('ending the old secret at once', () => {
  it.each([['--grace', '0'], ['--end-grace']])('is exit 2 without a terminal and names -y: %s %s', async (...flags) => {
    const { machine, id } = await withKey();
    if (flags[0] === '--end-grace') await machine.run(['keys', 'rotate', id]);
    const { exitCode, stderr } = await machine.run(['keys', 'rotate', id, ...flags]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Re-run with -y.');
    expect(stderr).toContain(`Try: outkit keys rotate ${id} ${flags.join(' ')} -y`);
  });

  it('--grace 0 asks with the last use of the secret, default No, and rotates nothing on No', async () => {
    const { machine, id } = await withKey();
    used(machine);
    const { exitCode, questions } = await machine.run(['keys', 'rotate', id, '--grace', '0'], {
      tty: true,
      answers: [false],
    });
    expect(exitCode).toBe(130);
    expect(questions).toEqual([
      `The secret in use ends at once: last used 3m ago from 10.0.0.1 (curl/8.5). Rotate dev key (${id}, development)?`,
    ]);
    expect((await machine.keys.find(id)).status).toBe('active');
  });

  it('--grace 0 -y refuses the old secret from now on', async () => {
    const { machine, id, plaintext } = await withKey();
    const { exitCode, stderr } = await machine.run(['keys', 'rotate', id, '--grace', '0', '-y']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('old key refused from now on');
    expect((await machine.keys.findByHash(hashSecret(plaintext))).secret).toBe('ended');
  });

  it('--end-grace asks with the share and last caller of the old secret', async () => {
    const { machine, id } = await withKey();
    await machine.run(['keys', 'rotate', id]);
    used(machine);
    const asked = await machine.run(['keys', 'rotate', id, '--end-grace'], { tty: true, answers: [false] });
    expect(asked.exitCode).toBe(130);
    expect(asked.questions[0]).toContain('last used 3m ago from 10.0.0.1 (curl/8.5)');
    expect(asked.questions[0]).toContain('25 % of the traffic');
    const ended = await machine.run(['keys', 'rotate', id, '--end-grace'], { tty: true, answers: [true] });
    expect(ended.stdout).toContain('old key refused from now on; in force on 1/1 gateways after 4 ms');
    expect((await machine.keys.find(id)).previousSecret).toBeNull();
  });
});

describe('the grace window', () => {
  it('--extend moves its end from the old end, and more than 7 days is exit 5', async () => {
    const { machine, id } = await withKey();
    await machine.run(['keys', 'rotate', id]);
    const { exitCode, stdout } = await machine.run(['keys', 'rotate', id, '--extend', '24h']);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/old key accepted until .* \(24h more\)/)]);
    expect((await machine.keys.find(id)).previousSecret?.acceptedUntil).toBe(NOON + 48 * HOUR_MS);
    const tooLong = await machine.run(['keys', 'rotate', id, '--extend', '6d']);
    expect(tooLong.exitCode).toBe(5);
    expect(tooLong.stderr).toMatch(/; this one ends 2026-11-2\d \d\d:\d\d\n {2}Try: outkit keys stats key_\w{16}\n$/);
  });

  it('--extend, --end-grace and --cancel after its end are exit 5', async () => {
    const { machine, id } = await withKey();
    await machine.run(['keys', 'rotate', id]);
    machine.now += 24 * HOUR_MS;
    for (const flags of [['--extend', '1h'], ['--end-grace', '-y'], ['--cancel'], ['--replace-new']]) {
      const { exitCode, stderr } = await machine.run(['keys', 'rotate', id, ...flags]);
      expect(exitCode).toBe(5);
      expect(stderr).toContain(`Try: outkit keys rotate ${id}\n`);
    }
  });

  it('--cancel makes the old secret current again, and says which', async () => {
    const { machine, id, plaintext } = await withKey();
    await machine.run(['keys', 'rotate', id]);
    const { exitCode, stdout } = await machine.run(['keys', 'rotate', id, '--cancel']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`rotation cancelled, ${plaintext.slice(0, 8)}•••••••• is current again`);
    expect((await machine.keys.findByHash(hashSecret(plaintext))).secret).toBe('current');
  });

  it('changes print the key and the gateways with --json', async () => {
    const { machine, id } = await withKey();
    await machine.run(['keys', 'rotate', id]);
    const { stdout } = await machine.run(['keys', 'rotate', id, '--end-grace', '-y', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ id, status: 'active', gateways: { confirmed: 1, waitedOut: 0 } });
  });
});

describe('--replace-new', () => {
  it('mints again without a question when nobody has used the lost secret; the old one keeps its end', async () => {
    const { machine, id, plaintext } = await withKey();
    const lost = (await machine.run(['keys', 'rotate', id])).stdout.trim();
    machine.now += HOUR_MS;
    const { exitCode, stderr } = await machine.run(['keys', 'rotate', id, '--replace-new']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('(as before)');
    expect((await machine.keys.findByHash(hashSecret(lost))).secret).toBe('ended');
    expect((await machine.keys.findByHash(hashSecret(plaintext))).secret).toBe('previous');
    expect((await machine.keys.find(id)).previousSecret?.acceptedUntil).toBe(NOON + 24 * HOUR_MS);
  });

  it('asks when the secret has been used, and is exit 2 where it cannot', async () => {
    const { machine, id } = await withKey();
    await machine.run(['keys', 'rotate', id]);
    used(machine);
    const refused = await machine.run(['keys', 'rotate', id, '--replace-new']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('last used 3m ago');
    const no = await machine.run(['keys', 'rotate', id, '--replace-new'], { tty: true, answers: [false] });
    expect([no.exitCode, no.questions.length]).toEqual([130, 1]);
    expect((await machine.run(['keys', 'rotate', id, '--replace-new', '-y'])).exitCode).toBe(0);
  });
});

describe('the env file of a rotation', () => {
  const read = (machine: Machine) => readFileSync(join(machine.cwd, '.env.local'), 'utf8');

  it('gets the new key in place of the old one of the same key without a question', async () => {
    const machine = await Machine.start();
    const { id } = await machine.newKey('--env-file');
    const { exitCode, stdout } = await machine.run(['keys', 'rotate', id, '--env-file']);
    expect(exitCode).toBe(0);
    expect(read(machine)).toBe(`OUTKIT_API_KEY=${stdout}`);
  });

  it('that holds the key of another id is exit 2 without a terminal', async () => {
    const machine = await Machine.start();
    await machine.newKey('--env-file');
    const { id } = await machine.newKey();
    expect((await machine.run(['keys', 'rotate', id, '--env-file'])).exitCode).toBe(2);
    expect(machine.events).not.toContain('rotate');
  });

  it('that cannot be written cancels the rotation when nobody has seen the key', async () => {
    const { machine, id, plaintext } = await withKey();
    const { rotate } = machine.keys;
    machine.override({
      rotate(keyId, request) {
        machine.write('.env.local', 'A=2\n');
        return rotate(keyId, request);
      },
    });
    const { exitCode, stdout, stderr } = await machine.run(['keys', 'rotate', id, '--env-file', '--no-show']);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('so the rotation was cancelled: the old key is current again');
    expect((await machine.keys.findByHash(hashSecret(plaintext))).secret).toBe('current');
  });

  it('gets an unseen key before the old one ends, with --grace 0', async () => {
    const { machine, id, plaintext } = await withKey();
    const { endGrace } = machine.keys;
    const atEnd: string[] = [];
    machine.override({
      endGrace(keyId) {
        atEnd.push(read(machine));
        return endGrace(keyId);
      },
    });
    const flags = ['--grace', '0', '-y', '--env-file', '--no-show', '--json'];
    const { exitCode, stdout } = await machine.run(['keys', 'rotate', id, ...flags]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'active', previousSecret: null });
    expect(atEnd).toEqual([read(machine)]);
    expect((await machine.keys.findByHash(hashSecret(plaintext))).secret).toBe('ended');
  });
});

describe('a rotate that is typed wrongly', () => {
  it.each([
    ['--cancel', '--end-grace'],
    ['--cancel', '--extend', '1h'],
    ['--end-grace', '--extend', '1h'],
    ['--cancel', '--grace', '1h'],
    ['--replace-new', '--grace', '1h'],
    ['--replace-new', '--cancel'],
    ['--cancel', '--copy'],
    ['--end-grace', '--env-file'],
    ['--cancel', '--no-show'],
    ['--grace', '8d'],
    ['--grace', '-1'],
    ['--grace', '1e9'],
    ['--extend', '0'],
    ['--no-show'],
  ])('is exit 2: %s %s', async (...flags) => {
    const { machine, id } = await withKey();
    const { exitCode, stdout } = await machine.run(['keys', 'rotate', id, ...flags]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect((await machine.keys.find(id)).status).toBe('active');
  });

  it.each([
    [['--force'], '--force'],
    [['--env-name', 'FOO', '--no-env-file'], '--env-name FOO'],
  ])(
    'with %j and no env file is exit 2 and names --env-file, also at a terminal without an offer',
    async (flags, kept) => {
      const { machine, id } = await withKey();
      const { exitCode, stdout, stderr } = await machine.run(['keys', 'rotate', id, ...flags], {
        tty: true,
        stdoutTTY: false,
        env: { NO_COLOR: '1' },
      });
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toBe(
        `Error: ${flags[0]} needs --env-file: no env file would be written\n  Try: outkit keys rotate ${id} ${kept} --env-file\n`,
      );
      expect((await machine.keys.find(id)).status).toBe('active');
    },
  );

  it('says so when --env-file took the id for its path', async () => {
    const { machine, id } = await withKey();
    const { exitCode, stderr } = await machine.run(['keys', 'rotate', 'key_aaaa', '--env-file', id]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--env-file took the id as its path');
  });
});
