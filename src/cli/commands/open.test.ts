import { expect, it } from 'vitest';
import { Machine, SERVER } from '../machine.fixture.ts';

const NO_TOKEN = { OUTKIT_TOKEN: '' };

it('prints the address of the server and opens it, without a credential', async () => {
  const machine = await Machine.start();
  const run = async (flags: string[], tty: boolean) => {
    const { stdout, opened, exitCode } = await machine.run(['open', ...flags], { tty, env: NO_TOKEN });
    return [stdout, opened, exitCode];
  };
  expect(await run([], true)).toEqual([`${SERVER}\n`, [SERVER], 0]);
  expect(await run(['--no-browser'], true)).toEqual([`${SERVER}\n`, [], 0]);
  expect(await run([], false)).toEqual([`${SERVER}\n`, [], 0]);
  const [json, opened] = await run(['--json'], true);
  expect([JSON.parse(String(json)), opened]).toEqual([{ url: SERVER, source: 'environment', link: null }, []]);
  expect(machine.accesses).toEqual([]);
});

it('says that no browser opens where there is none', async () => {
  const machine = await Machine.start();
  const { exitCode, stderr } = await machine.run(['open'], { tty: true, env: NO_TOKEN, browser: 'missing' });
  expect([exitCode, stderr]).toEqual([0, 'No browser opens here\n']);
});
