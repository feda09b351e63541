import { describe, expect, it } from 'vitest';
import { OutkitError } from '../core/errors.ts';
import { keepCredential } from './credentials/credential-store.ts';
import { Machine, PROFILE, SERVER } from './machine.fixture.ts';

const UNKNOWN = 'prof_3333333333333333';

/** What an `outkit.json` with these fields makes a command try next. */
async function tryAfter(argv: readonly string[], fields: object, env: Record<string, string> = {}): Promise<string> {
  const machine = await Machine.start();
  for (const name of ['outkit.json', 'other.json']) machine.write(name, JSON.stringify(fields));
  const { stderr, exitCode } = await machine.run(argv, { env });
  expect(exitCode).not.toBe(0);
  return stderr.slice(stderr.indexOf('Try: ') + 'Try: outkit '.length).trimEnd();
}

describe('without an active profile', () => {
  it.each([
    [['keys', 'list', '--all'], `keys list --all --profile ${PROFILE}`],
    [['--api-url', SERVER, 'keys', 'list'], `--api-url ${SERVER} keys list --profile ${PROFILE}`],
    [['profiles', 'show'], `profiles show ${PROFILE}`],
    [['--config=other.json', 'profiles', 'show'], `--config=other.json profiles show ${PROFILE}`],
  ])('%j is told with the profile where that command takes it', async (argv, hint) => {
    expect(await tryAfter(argv, {})).toBe(hint);
    const machine = await Machine.start();
    machine.write('other.json', '{}');
    expect((await machine.run(hint.split(' '))).exitCode).toBe(0);
  });
});

describe('with an active profile that is not there', () => {
  it.each([
    [['keys', 'list'], `profiles use ${PROFILE}`],
    [['keys', 'list', '--config', 'other.json'], `profiles use ${PROFILE} --config other.json`],
  ])('%j is told to use another, with the same flags', async (argv, hint) => {
    expect(await tryAfter(argv, { profile: UNKNOWN })).toBe(hint);
  });

  it.each([
    [['keys', 'list'], `keys list --api-url ${SERVER} --profile ${PROFILE}`],
    [['status'], `profiles list --api-url ${SERVER}`],
  ])('%j leaves outkit.json alone while --api-url names another server', async (argv, hint) => {
    expect(await tryAfter([...argv, '--api-url', SERVER], { profile: UNKNOWN })).toBe(hint);
  });

  it('and an --api-url that outkit.json names too is no other server', async () => {
    const hint = await tryAfter(['status', '--api-url', SERVER], { profile: UNKNOWN, apiUrl: SERVER });
    expect(hint).toBe(`profiles use ${PROFILE} --api-url ${SERVER}`);
  });
});

it('a server on this machine that was logged in to and has stopped is no outkit dev', async () => {
  const machine = await Machine.start();
  await keepCredential(SERVER, machine.server.start(), machine.io());
  machine.override({
    list: async () => {
      throw new OutkitError('unreachable', `Cannot reach the Outkit server at ${SERVER}`, 'outkit dev');
    },
  });
  const { exitCode, stderr } = await machine.run(['keys', 'list'], { env: { OUTKIT_TOKEN: '' } });
  expect([exitCode, stderr]).toEqual([7, expect.stringContaining('\n  Try: start it again: outkit serve\n')]);
});
