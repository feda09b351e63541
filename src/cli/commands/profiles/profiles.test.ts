import { describe, expect, it } from 'vitest';
import { Machine, PROFILE } from '../../machine.fixture.ts';

describe('what is typed wrongly', () => {
  it.each([
    [['profiles', 'delete', PROFILE], `outkit profiles archive ${PROFILE}`],
    [['profiles', 'ls'], 'outkit profiles list'],
    [['profiles', 'switch', PROFILE], `outkit profiles use ${PROFILE}`],
    [['profiles', 'lst'], 'outkit profiles list'],
    [['profile', 'list'], 'outkit profiles list'],
    [['profiles', 'create', 'Web'], 'outkit profiles create -n Web'],
    [['profiles', 'show', 'a', 'b'], 'outkit profiles show --help'],
  ])('%j is exit 2, with the nearest thing to type', async (argv, hint) => {
    const machine = await Machine.start();
    const { exitCode, stderr } = await machine.run(argv);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`  Try: ${hint}\n`)]);
  });
});

describe('help', () => {
  it.each(['create', 'list', 'show', 'update', 'use', 'archive'])(
    'of %s has two examples, the output and the exit codes, and needs no server',
    async (command) => {
      const machine = await Machine.start();
      machine.write('outkit.json', 'not JSON');
      const { exitCode, stdout, stderr } = await machine.run(['profiles', command, '--help']);
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/Examples:\n {2}\$ .*\n {2}\$ .*\n/);
      expect(stdout).toMatch(/Output:\n {2}\S/);
      expect(stdout).toMatch(/Exit codes:\n {2}0 ok · 1 failure/);
      expect((await machine.run(['help', 'profiles', command])).stdout).toBe(stdout);
    },
  );
});
