import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../core/clock.ts';
import { Machine } from '../../machine.fixture.ts';

async function withKey(...flags: string[]): Promise<{ machine: Machine; id: string }> {
  const machine = await Machine.start();
  return { machine, ...(await machine.newKey(...flags)) };
}

describe('update', () => {
  it('changes the end and the limit, and says both as they are now, and where that is in force', async () => {
    const { machine, id } = await withKey('--rate-limit', '50');
    machine.gateways = { confirmed: 3, waitedOut: 0, ms: 4, unconfirmed: [] };
    const { exitCode, stdout, stderr } = await machine.run(['keys', 'update', id, '--expires', '90d']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^Updated dev key \(key_\w+, development\): 50 requests a minute, expires 2027-02-21 .*; in force on 3\/3 gateways after 4 ms\n$/,
    );
    expect(await machine.keys.find(id)).toMatchObject({
      rateLimitPerMinute: 50,
      expiresAt: machine.now + 90 * DAY_MS,
    });
  });

  it('takes both away by name: the limit of the plan, and no end', async () => {
    const { machine, id } = await withKey('--rate-limit', '50', '--expires', '90d');
    const { stdout } = await machine.run(['keys', 'update', id, '--rate-limit', 'plan', '--expires', 'never']);
    expect(stdout).toContain(': limit of the plan, no end; in force on 1/1');
    expect(await machine.keys.find(id)).toMatchObject({ rateLimitPerMinute: null, expiresAt: null });
  });

  it('prints the key and the gateways with --json', async () => {
    const { machine, id } = await withKey();
    const { stdout } = await machine.run(['keys', 'update', id, '--rate-limit', '7', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      id,
      rateLimitPerMinute: 7,
      expiresAt: null,
      gateways: { confirmed: 1 },
    });
  });

  it.each([
    [[], /^Error: Nothing to change: give a flag\n {2}Try: outkit keys update key_\w+ --expires 90d\n$/],
    [['--rate-limit', '0'], /^Error: --rate-limit takes a whole number from 1 to 1000000000, or plan\n/],
    [['--rate-limit', 'unlimited'], /Try: outkit keys update key_\w+ --rate-limit 100\n$/],
    [['--expires', '2020-01-01'], /^Error: --expires lies in the past\n/],
    [['--expires', 'tomorrow'], /^Error: --expires takes a duration, or a date/],
  ])('%j is exit 2, in one line with a way on, and speaks to no server', async (flags, message) => {
    const { machine, id } = await withKey();
    const runs = machine.accesses.length;
    const { exitCode, stdout, stderr } = await machine.run(['keys', 'update', id, ...flags]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(machine.accesses).toHaveLength(runs);
  });

  it('of a key that has ended is exit 5, and names the way to a new one', async () => {
    const { machine, id } = await withKey();
    await machine.run(['keys', 'revoke', id, '-y']);
    const { exitCode, stderr } = await machine.run(['keys', 'update', id, '--expires', '90d']);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/^Error: The key is revoked or expired\n {2}Try: outkit keys create -n 'dev key'/);
    expect((await machine.run(['keys', 'update', 'key_2222222222222222', '--expires', '90d'])).exitCode).toBe(3);
  });
});
