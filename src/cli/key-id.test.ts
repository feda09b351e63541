import { describe, expect, it } from 'vitest';
import { Machine } from './machine.fixture.ts';

async function withTwins(): Promise<{ machine: Machine; id: string; twin: string }> {
  const machine = await Machine.start();
  const { id } = await machine.newKey();
  const { findByPrefix, find } = machine.keys;
  const twin = `${id.slice(0, 12)}22222222`;
  machine.override({
    async findByPrefix(prefix) {
      const found = await findByPrefix(prefix);
      return twin.startsWith(prefix) ? [...found, { ...(await find(id)), id: twin, name: 'twin' }] : found;
    },
  });
  return { machine, id, twin };
}

describe('an id', () => {
  it('can be its first four characters or more, where one key fits', async () => {
    const machine = await Machine.start();
    const { id } = await machine.newKey();
    for (const length of [8, 9, 19, 20]) {
      expect((await machine.run(['keys', 'stats', id.slice(0, length), '--json'])).stdout).toContain(id);
    }
    expect((await machine.run(['keys', 'stats', id.slice(0, 7)])).exitCode).toBe(2);
  });

  it('that fits several is exit 2 with the matches', async () => {
    const { machine, id, twin } = await withTwins();
    const { exitCode, stderr } = await machine.run(['keys', 'stats', id.slice(0, 10)]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`fits 2 keys: ${id} (dev key), ${twin} (twin)`);
  });

  it.each([
    ['revoke', ['-y'], false],
    ['revoke', ['-y'], true],
    ['rotate', [], false],
    ['rotate', ['-y'], true],
  ])(
    'must be whole for %s %j where nobody looks (terminal: %s), and the hint has the whole one',
    async (command, flags, tty) => {
      const machine = await Machine.start();
      const { id } = await machine.newKey();
      const { exitCode, stderr } = await machine.run(['keys', command, id.slice(0, 12), ...flags], { tty });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`Try: ${['outkit keys', command, id, ...flags].join(' ')}\n`);
      expect((await machine.keys.find(id)).status).toBe('active');
    },
  );

  it('may be a prefix for a change that a person sees', async () => {
    const machine = await Machine.start();
    const { id } = await machine.newKey();
    const { exitCode } = await machine.run(['keys', 'revoke', id.slice(0, 12)], { tty: true, answers: [true] });
    expect(exitCode).toBe(0);
    expect((await machine.keys.find(id)).status).toBe('revoked');
  });

  it.each(['key_zzzzzzzzzzzzzzzz', 'key_nobody', 'key_zzzz', 'key_UPPERCASE'])(
    '%s that is nobody’s is exit 3',
    async (id) => {
      const machine = await Machine.start();
      const { exitCode, stderr } = await machine.run(['keys', 'stats', id]);
      expect(exitCode).toBe(3);
      expect(stderr).toBe(`Error: There is no key ${id}\n  Try: outkit keys list --all\n`);
    },
  );

  it('with a typo gets the nearest one of the profile as a hint', async () => {
    const machine = await Machine.start();
    const { id } = await machine.newKey();
    const typo = id.slice(0, -2) + (id.endsWith('22') ? '33' : '22');
    const { exitCode, stderr } = await machine.run(['keys', 'stats', typo, '--since', '7d']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`Try: outkit keys stats ${id} --since 7d\n`);
  });

  it.each(['dev key', 'prof_2222222222222222', 'okd_Abcd', ''])('%j is none: exit 2', async (text) => {
    const machine = await Machine.start();
    expect((await machine.run(['keys', 'stats', text])).exitCode).toBe(2);
  });
});
