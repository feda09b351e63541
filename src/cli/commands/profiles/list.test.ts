import { describe, expect, it } from 'vitest';
import { Machine, PROFILE } from '../../machine.fixture.ts';

const PLAIN = { tty: true, env: { NO_COLOR: '1' } };

describe('list', () => {
  it('is a table that says which one is in use, cards on narrow terminals, and tabs in a pipe', async () => {
    const machine = await Machine.start();
    machine.now += 1000;
    const id = await machine.newProfile('--set', '--outkit-a=1');
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
    const id = await machine.newProfile();
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
