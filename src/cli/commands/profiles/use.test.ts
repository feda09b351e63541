import { readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Machine, PROFILE } from '../../machine.fixture.ts';

const config = (machine: Machine) => readFileSync(join(machine.cwd, 'outkit.json'), 'utf8');

describe('use', () => {
  it('changes the one value in outkit.json and nothing else: not its mode, breaks, order or other fields', async () => {
    const machine = await Machine.start();
    const id = await machine.newProfile();
    const text = (profile: string) =>
      `{\r\n\t"envFile" : ".env",  \r\n\t"profile":"${profile}","environment": "staging"\r\n}`;
    machine.write('outkit.json', text(PROFILE));
    const path = join(machine.cwd, 'outkit.json');
    const { mode } = statSync(path);
    const { stdout, stderr } = await machine.run(['profiles', 'use', id]);
    expect([stdout, stderr]).toEqual([`Using Web (${id}): ${path} names it\n`, '']);
    expect(config(machine)).toBe(text(id));
    expect(statSync(path).mode).toBe(mode);
    expect(JSON.parse((await machine.run(['profiles', 'use', id, '--json'])).stdout)).toMatchObject({ id, path });
  });

  it('follows a link to the file, and adds the field where there is none', async () => {
    const machine = await Machine.start();
    machine.write('real.json', '{ "envFile": ".env" }');
    symlinkSync('real.json', join(machine.cwd, 'linked.json'));
    const { exitCode } = await machine.run(['profiles', 'use', PROFILE, '--config', 'linked.json']);
    expect(exitCode).toBe(0);
    expect(readFileSync(join(machine.cwd, 'real.json'), 'utf8')).toBe(`{ "envFile": ".env", "profile": "${PROFILE}" }`);
  });

  it.each(['not JSON', '[]', '{ "profile": 1 }', ''])(
    'refuses a broken file such as %j and leaves it',
    async (text) => {
      const machine = await Machine.start();
      machine.write('outkit.json', text);
      const { exitCode, stderr } = await machine.run(['profiles', 'use', PROFILE]);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('outkit.json:1: ')]);
      expect(config(machine)).toBe(text);
    },
  );
});
