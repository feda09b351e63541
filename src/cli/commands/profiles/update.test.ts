import { describe, expect, it } from 'vitest';
import type { ProfileSummary } from '../../../core/profile-service.ts';
import { Machine, PROFILE } from '../../machine.fixture.ts';

const shown = async (machine: Machine, id: string): Promise<ProfileSummary> =>
  JSON.parse((await machine.run(['profiles', 'show', id, '--json'])).stdout);

describe('update', () => {
  it('changes what is given, replaces with --design, and says where it is in force', async () => {
    const machine = await Machine.start();
    const id = await machine.newProfile('--set', '--outkit-a=1', '--set', '--outkit-b=1');
    machine.gateways = { confirmed: 3, waitedOut: 0, ms: 4, unconfirmed: [] };
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
    const id = await machine.newProfile();
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
