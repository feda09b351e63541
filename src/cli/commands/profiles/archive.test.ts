import { describe, expect, it } from 'vitest';
import type { ProfileSummary } from '../../../core/profile-service.ts';
import { Machine, PROFILE } from '../../machine.fixture.ts';

const shown = async (machine: Machine, id: string): Promise<ProfileSummary> =>
  JSON.parse((await machine.run(['profiles', 'show', id, '--json'])).stdout);

const PLAIN = { tty: true, env: { NO_COLOR: '1' } };

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
    machine.gateways = { confirmed: 1, waitedOut: 0, ms: 2, unconfirmed: [] };
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
    const gateways = { confirmed: 1, waitedOut: 0, ms: 2, unconfirmed: [] };
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
