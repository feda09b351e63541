import { expect, it } from 'vitest';
import { keepCredential } from '../../credentials/credential-store.ts';
import { Machine, SERVER } from '../../machine.fixture.ts';

const LOGGED_IN = { OUTKIT_TOKEN: '', NO_COLOR: '1' };

async function signedInTwice() {
  const machine = await Machine.start();
  await keepCredential(SERVER, machine.server.start('here'), machine.io());
  machine.server.start('there');
  const [here = '', there = ''] = machine.server.sessions.map(({ session }) => session.id);
  return { machine, here, there };
}

it('sessions list says where one is signed in, and which session is this one', async () => {
  const { machine, here, there } = await signedInTwice();
  machine.now += 3_600_000;
  const { stdout } = await machine.run(['sessions', 'list'], { tty: true, env: LOGGED_IN });
  expect(stdout.split('\n').slice(1, 3)).toEqual([
    `${here}  outkit/1.2.3  127.0.0.1  1h ago  in 29d  this one`,
    `${there}  outkit/1.2.3  127.0.0.1  1h ago  in 29d`,
  ]);
  const { data } = JSON.parse((await machine.run(['sessions', 'list', '--json'], { env: LOGGED_IN })).stdout);
  expect(data.map(({ id, isCurrent }: { id: string; isCurrent: boolean }) => [id, isCurrent])).toEqual([
    [here, true],
    [there, false],
  ]);
});

it('sessions end ends one by its id, or all others', async () => {
  const { machine, here, there } = await signedInTwice();
  const end = (...argv: string[]) => machine.run(['sessions', 'end', ...argv], { env: LOGGED_IN });
  expect((await end(there)).stdout).toBe('Ended 1 session\n');
  expect((await end(there)).exitCode).toBe(3);
  machine.server.start('one');
  machine.server.start('two');
  expect(JSON.parse((await end('--others', '--json')).stdout)).toEqual({ ended: 2 });
  expect(machine.server.sessions.map(({ session }) => session.id)).toEqual([here]);
});

it('sessions end does not end the one of the command, which outkit logout does, nor what nobody named', async () => {
  const { machine, here, there } = await signedInTwice();
  const end = (...argv: string[]) => machine.run(['sessions', 'end', ...argv], { env: LOGGED_IN });
  expect(await end(here)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Try: outkit logout\n') });
  for (const argv of [[], [there, '--others'], ['session_x']]) expect((await end(...argv)).exitCode).toBe(2);
  expect(machine.server.sessions).toHaveLength(2);
});
