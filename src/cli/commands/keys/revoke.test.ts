import { describe, expect, it } from 'vitest';
import { Machine } from '../../machine.fixture.ts';

async function withKey(): Promise<{ machine: Machine; id: string; plaintext: string }> {
  const machine = await Machine.start();
  return { machine, ...(await machine.newKey('--env', 'production')) };
}

describe('revoke', () => {
  it('asks with name, environment and last use, default No, and changes nothing on No or Ctrl-C', async () => {
    for (const answer of [false, 'cancel'] as const) {
      const { machine, id } = await withKey();
      const { exitCode, questions } = await machine.run(['keys', 'revoke', id], { tty: true, answers: [answer] });
      expect(exitCode).toBe(130);
      expect(questions).toEqual([`Revoke dev key (${id}, production), never used? This cannot be undone.`]);
      expect((await machine.keys.find(id)).status).toBe('active');
    }
  });

  it('says where it is in force and after how long', async () => {
    const { machine, id } = await withKey();
    machine.gateways = { confirmed: 3, waitedOut: 0, ms: 4, unconfirmed: [] };
    const { exitCode, stdout, stderr } = await machine.run(['keys', 'revoke', id, '-y', '--reason', 'leaked']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`Revoked dev key (${id}, production): in force on 3/3 gateways after 4 ms\n`);
    expect((await machine.keys.find(id)).revokeReason).toBe('leaked');
  });

  it('prints id, time and gateways with --json', async () => {
    const { machine, id } = await withKey();
    const { stdout } = await machine.run(['keys', 'revoke', id, '-y', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      id,
      revokedAt: '2026-11-23T12:00:00.000Z',
      gateways: { confirmed: 1, waitedOut: 0, ms: expect.any(Number), unconfirmed: [] },
    });
  });

  it('of what is already revoked is exit 0, asks nothing, and keeps the first time', async () => {
    const { machine, id } = await withKey();
    await machine.run(['keys', 'revoke', id, '-y']);
    machine.now += 1000;
    const again = await machine.run(['keys', 'revoke', id], { tty: true });
    expect([again.exitCode, again.questions]).toEqual([0, []]);
    expect(again.stdout).toContain('Already revoked: dev key');
    const json = await machine.run(['keys', 'revoke', id, '-y', '--json']);
    expect(JSON.parse(json.stdout).revokedAt).toBe('2026-11-23T12:00:00.000Z');
  });

  it('without a terminal is exit 2, names -y, and speaks to no server', async () => {
    const { machine, id } = await withKey();
    const runs = machine.accesses.length;
    const { exitCode, stdout, stderr } = await machine.run(['keys', 'revoke', id]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `Error: Refusing to revoke without confirmation. Re-run with -y.\n  Try: outkit keys revoke ${id} -y\n`,
    );
    expect(machine.accesses).toHaveLength(runs);
  });

  it('tells of gateways that did not confirm, and with --strict is exit 1: committed, unconfirmed', async () => {
    const { machine, id } = await withKey();
    machine.gateways = { confirmed: 2, waitedOut: 1, ms: 2500, unconfirmed: ['gateway-3'] };
    const lenient = await machine.run(['keys', 'revoke', id, '-y']);
    expect(lenient.exitCode).toBe(0);
    expect(lenient.stdout).toContain('in force on 2/3 gateways after 2500 ms; 1 did not confirm');
    const strict = await machine.run(['keys', 'revoke', id, '-y', '--strict', '--json']);
    expect(strict.exitCode).toBe(1);
    expect(JSON.parse(strict.stdout)).toMatchObject({ id, gateways: { waitedOut: 1 } });
    expect(JSON.parse(strict.stderr).error).toMatchObject({
      code: 'unconfirmed',
      message: expect.stringMatching(/committed, .* unconfirmed: gateway-3$/),
    });
  });

  it('refuses a reason over 500 characters', async () => {
    const { machine, id } = await withKey();
    expect((await machine.run(['keys', 'revoke', id, '-y', '--reason', 'a'.repeat(501)])).exitCode).toBe(2);
    expect((await machine.keys.find(id)).status).toBe('active');
  });
});

describe('a key in the place of an id', () => {
  it.each([['revoke', '-y'], ['revoke'], ['rotate'], ['stats']])(
    'is refused by %s with a warning about the history and the id to revoke, and never repeated',
    async (command, ...flags) => {
      const { machine, id, plaintext } = await withKey();
      const { exitCode, stdout, stderr } = await machine.run(['keys', command, plaintext, ...flags]);
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toContain('history of your shell');
      expect(stderr).toContain(`Try: outkit keys revoke ${id}`);
      expect(stderr).not.toContain(plaintext);
      expect((await machine.keys.find(id)).status).toBe('active');
    },
  );

  it('is refused in every other argument too, and also when the server does not know it or cannot be asked', async () => {
    const { machine, plaintext } = await withKey();
    const unknown = `okp_${'A'.repeat(38)}`;
    for (const argv of [
      ['keys', 'create', '-n', plaintext],
      ['keys', 'list', '--profile', `x${unknown}`],
      ['keys', 'revoke', unknown, '-y', '--api-url', 'ftp://nowhere'],
    ]) {
      const { exitCode, stderr } = await machine.run(argv);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('history of your shell');
      expect(stderr).not.toMatch(/ok[dsp]_\w{38}/);
    }
  });

  it.each([
    [(key: string) => [key]],
    [(key: string) => ['keys', key]],
    [(key: string) => ['keys', 'show', key]],
    [(key: string) => ['keys', 'revoke', key, '--bogus']],
    [(key: string) => ['keys', 'revoke', 'key_aaaa', key]],
    [(key: string) => ['keys', 'list', `--${key}`]],
    [(key: string) => ['keys', 'stats', key, '--help']],
    [(key: string) => ['help', key]],
  ])('is told, with the id, before any other mistake of the command line: %s', async (argvWith) => {
    const { machine, id, plaintext } = await withKey();
    for (const env of [{}, { OUTKIT_API_URL: 'ftp://nowhere' }]) {
      const { exitCode, stdout, stderr } = await machine.run(argvWith(plaintext), { env });
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^Error: An argument holds the key okp_.{4}•{8} itself\. .*: treat it as leaked\n/);
      expect(stderr).toContain(`Try: outkit keys ${'OUTKIT_API_URL' in env ? 'list --all' : `revoke ${id}`}\n`);
      expect(stderr).not.toContain(plaintext);
    }
  });

  it('is told too when a global flag has no value, and as JSON', async () => {
    const { machine, plaintext } = await withKey();
    expect((await machine.run(['keys', 'revoke', plaintext, '--api-url'])).stderr).toContain('treat it as leaked');
    const { stderr } = await machine.run(['keys', 'show', plaintext, '--json']);
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'usage', message: expect.stringContaining('as leaked') });
  });
});
