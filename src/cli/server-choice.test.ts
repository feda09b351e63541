import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../test/seeded-random.ts';
import { isLoopbackUrl, isServerUrl } from '../client/server-url.ts';
import { keepCredential } from './credentials/credential-store.ts';
import { renewLocalCredential, writeDevServerRecord } from './dev-server-record.ts';
import { Machine, PROFILE, SERVER } from './machine.fixture.ts';
import { credentialOf } from './people.fixture.ts';
import { findServer, variableTokenFor } from './server-choice.ts';

const FLAG = 'https://flag.example';
const ENV = 'https://env.example';
const CONFIG = 'https://config.example';
const DEV = 'http://127.0.0.1:4680';
const NONE = { OUTKIT_API_URL: '', OUTKIT_TOKEN: '' };

interface Situation {
  readonly flag?: string;
  readonly env?: string;
  readonly config?: string;
  readonly dev?: 'alive' | 'dead';
  readonly token?: string;
  /** Servers that are logged in to. */
  readonly logins?: readonly string[];
}

async function choose({ flag, env, config, dev, token, logins = [] }: Situation) {
  const machine = await Machine.start();
  const fields = config === undefined ? {} : { apiUrl: config };
  machine.write('outkit.json', JSON.stringify({ profile: PROFILE, ...fields }));
  const directory = join(machine.cwd, '.outkit');
  const pid = dev === 'dead' ? 2 ** 22 + 1 : process.pid;
  if (dev !== undefined) await writeDevServerRecord(directory, { url: DEV, pid, startedAt: machine.now });
  const credential = dev === undefined ? null : await renewLocalCredential(directory, seededRandom(3));
  for (const url of logins) await keepCredential(url, credentialOf(`of${new URL(url).port}`), machine.io());
  const argv = ['keys', 'list', ...(flag === undefined ? [] : ['--api-url', flag])];
  const variables = { ...NONE, ...(env && { OUTKIT_API_URL: env }), ...(token && { OUTKIT_TOKEN: token }) };
  const { exitCode, stderr } = await machine.run(argv, { env: variables });
  return { access: machine.accesses[0], exitCode, stderr, credential };
}

describe('the server', () => {
  it.each([
    [{ flag: FLAG, env: ENV, config: CONFIG, dev: 'alive' }, FLAG, 'flag'],
    [{ env: ENV, config: CONFIG, dev: 'alive' }, ENV, 'environment'],
    [{ config: 'http://127.0.0.1:1', dev: 'alive' }, 'http://127.0.0.1:1', 'config'],
    [{ dev: 'alive' }, DEV, 'dev'],
    [{ flag: 'https://flag.example/' }, FLAG, 'flag'],
    [{ flag: 'http://localhost:99' }, 'http://localhost:99', 'flag'],
    [{ flag: 'http://[::1]:99' }, 'http://[::1]:99', 'flag'],
    [{ flag: FLAG, dev: 'dead' }, FLAG, 'flag'],
  ] as const)('of %j is %s', async (situation, url, source) => {
    expect((await choose({ ...situation, token: 'token' })).access).toMatchObject({ url, source, token: 'token' });
  });

  it.each(['http://localhost:4680', 'http://[::1]:4680', DEV])(
    'named %s is the outkit dev on that port, under the name that it serves, and gets its credential',
    async (flag) => {
      const { access, credential } = await choose({ flag, dev: 'alive' });
      expect(access).toMatchObject({ url: DEV, source: 'flag', token: credential });
    },
  );

  it.each(['http://localhost:4681', 'http://127.9.9.9:4680', 'http://127.0.0.1', 'https://localhost:4680'])(
    'named %s is not the outkit dev at http://127.0.0.1:4680',
    async (flag) => {
      expect(await choose({ flag, dev: 'alive' })).toMatchObject({ exitCode: 4, access: undefined });
    },
  );

  it.each([{ flag: DEV }, { flag: 'http://localhost:4680' }, { env: DEV }, { config: DEV }] as const)(
    'that was an outkit dev and has ended gets no credential: %j is exit 7',
    async (named) => {
      const { exitCode, stderr, access } = await choose({ ...named, dev: 'dead' });
      expect([exitCode, access]).toEqual([7, undefined]);
      expect(stderr).toMatch(
        /^Error: The outkit dev of this project, at http:.*:4680, has ended\n {2}Try: outkit dev\n$/,
      );
      expect((await choose({ ...named, dev: 'dead', token: 'token' })).access).toMatchObject({ token: 'token' });
    },
  );

  it('that was an outkit dev and has ended is found without a place for its credential', async () => {
    for (const [pid, found] of [
      [process.pid, { dataDirectory: expect.stringMatching(/\.outkit$/), hasEnded: false }],
      [2 ** 22 + 1, { dataDirectory: null, hasEnded: true }],
    ] as const) {
      const machine = await Machine.start();
      await writeDevServerRecord(join(machine.cwd, '.outkit'), { url: DEV, pid, startedAt: machine.now });
      expect(await findServer(machine.io({ env: NONE }), DEV, null)).toMatchObject({
        url: DEV,
        source: 'flag',
        ...found,
      });
    }
  });

  it.each([{}, { dev: 'dead' }] as const)(
    'that is not there is exit 7 and says how to start one: %j',
    async (situation) => {
      const { exitCode, stderr, access } = await choose(situation);
      expect([exitCode, access]).toEqual([7, undefined]);
      expect(stderr).toContain('Try: outkit dev');
    },
  );

  it('of outkit.json is named on stderr while the dev server of the project runs', async () => {
    const { stderr } = await choose({ config: 'http://127.0.0.1:1', dev: 'alive', token: 'token' });
    expect(stderr).toContain('Using http://127.0.0.1:1 from outkit.json, not the outkit dev at http://127.0.0.1:4680');
    const same = await choose({ config: DEV, dev: 'alive' });
    expect(same.stderr).not.toContain('Using');
    expect(same.access).toMatchObject({ url: DEV, token: same.credential });
  });

  it.each([
    'http://remote.example',
    'http://127.0.0.1.example',
    'http://0x7f.example',
    'ftp://127.0.0.1',
    'https://o.example/path',
    'https://o.example/?q',
    'nowhere',
  ])('cannot be %s: exit 2 from a flag, exit 1 from the environment', async (url) => {
    expect((await choose({ flag: url, token: 'token' })).exitCode).toBe(2);
    expect((await choose({ env: url, token: 'token' })).exitCode).toBe(1);
  });

  it('with user and password in its URL is refused without repeating them', async () => {
    const { exitCode, stderr } = await choose({ flag: 'https://user:hunter2@o.example', token: 'token' });
    expect(exitCode).toBe(2);
    expect(stderr).not.toContain('hunter2');
  });
});

describe('OUTKIT_TOKEN', () => {
  it.each([
    [{ flag: FLAG }, true],
    [{ env: ENV }, true],
    [{ config: CONFIG }, false],
    [{ config: CONFIG, logins: [FLAG] }, false],
    [{ config: CONFIG, logins: [CONFIG] }, true],
    [{ config: 'http://127.0.0.1:1' }, true],
    [{ config: 'http://[::1]:1' }, true],
    [{ config: 'http://localhost:1' }, true],
    [{ dev: 'alive' }, true],
  ] as const)('to the server of %j goes: %s', async (situation, goes) => {
    const { access, stderr } = await choose({ ...situation, token: 'token' });
    if (goes) expect(access).toMatchObject({ token: 'token', credential: 'OUTKIT_TOKEN' });
    else expect([access, stderr]).toEqual([undefined, expect.stringContaining('OUTKIT_TOKEN was not sent')]);
  });

  it('that only outkit.json would get is exit 4, and the error says how to send it', async () => {
    const { exitCode, stderr, access } = await choose({ config: CONFIG, token: 'token' });
    expect([exitCode, access]).toEqual([4, undefined]);
    expect(stderr).toContain(`--api-url ${CONFIG}`);
  });

  it('goes before the credential of the dev server, which goes to no other server', async () => {
    const dev = await choose({ dev: 'alive' });
    expect(dev.access?.token).toBe(dev.credential);
    expect((await choose({ dev: 'alive', token: 'token' })).access?.token).toBe('token');
    expect(await choose({ flag: 'http://127.0.0.1:1', dev: 'alive' })).toMatchObject({
      exitCode: 4,
      access: undefined,
    });
  });

  it.each([`okp_${'A'.repeat(38)}`, 'two words', 'line\nbreak', 'ümlaut'])(
    '%j is no token: exit 4, never repeated',
    async (token) => {
      const { exitCode, stderr } = await choose({ flag: FLAG, token });
      expect(exitCode).toBe(4);
      expect(stderr).not.toContain(token);
    },
  );

  it('is not sent while certificates are not checked', () => {
    const env = { OUTKIT_TOKEN: 'token', NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    expect(() => variableTokenFor({ source: 'flag', url: FLAG }, env, true)).toThrow('NODE_TLS_REJECT_UNAUTHORIZED');
    expect(variableTokenFor({ source: 'dev', url: DEV }, env, true)).toBe('token');
  });

  it('may be the credential of a login', async () => {
    const token = credentialOf('elsewhere');
    expect((await choose({ flag: FLAG, token })).access).toMatchObject({ token });
  });
});

describe('the credential of a login', () => {
  const LOCAL = 'http://127.0.0.1:4700';

  it('goes to the origin that it is for, however that was named, and to no other', async () => {
    for (const named of [{ flag: FLAG }, { env: FLAG }, { config: FLAG }]) {
      const { access } = await choose({ ...named, logins: [FLAG, LOCAL] });
      expect(access).toMatchObject({ url: FLAG, token: credentialOf('of'), credential: 'file' });
    }
    for (const flag of ['https://flag.example:8443', 'https://flag.example.evil.example', 'http://localhost:4700']) {
      const { access, exitCode, stderr } = await choose({ flag, logins: [FLAG, LOCAL] });
      expect([access, exitCode]).toEqual([undefined, 4]);
      expect(stderr).toContain(`Error: There is no credential for ${flag}\n  Try: outkit login --api-url ${flag}\n`);
    }
  });

  it('names the server when nothing else does, if there is one', async () => {
    expect((await choose({ logins: [LOCAL] })).access).toMatchObject({ url: LOCAL, source: 'login' });
    expect((await choose({ logins: [LOCAL], config: 'http://127.0.0.1:1' })).access).toBeUndefined();
    expect((await choose({ logins: [LOCAL], dev: 'alive' })).access).toMatchObject({ url: DEV, source: 'dev' });
    expect((await choose({ logins: [LOCAL], dev: 'dead' })).exitCode).toBe(7);
    const { exitCode, stderr } = await choose({ logins: [LOCAL, FLAG] });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `logged in to several servers: ${LOCAL}, ${FLAG}\n  Try: outkit keys list --api-url ${LOCAL}\n`,
    );
  });

  it('comes after OUTKIT_TOKEN, and at an outkit dev after the local one', async () => {
    expect((await choose({ logins: [LOCAL], token: 'token' })).access).toMatchObject({ token: 'token' });
    const { access, credential } = await choose({ flag: DEV, logins: [DEV], dev: 'alive' });
    expect(access).toMatchObject({ token: credential, credential: 'outkit dev' });
  });

  it('is not sent while certificates are not checked', async () => {
    const machine = await Machine.start();
    await keepCredential(FLAG, credentialOf('a'), machine.io());
    const env = { ...NONE, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const { exitCode, stderr } = await machine.run(['keys', 'list', '--api-url', FLAG], { env });
    expect([exitCode, machine.accesses]).toEqual([4, []]);
    expect(stderr).toContain('NODE_TLS_REJECT_UNAUTHORIZED');
  });

  it('that the server does not take any more is told as such', async () => {
    const machine = await Machine.start();
    await keepCredential(SERVER, credentialOf('a'), machine.io());
    const env = { OUTKIT_TOKEN: '' };
    const { exitCode, stderr } = await machine.run(['whoami'], { env });
    expect(exitCode).toBe(4);
    expect(stderr).toContain(`The login to ${SERVER} has ended`);
    expect(stderr).toContain(`Try: outkit login --api-url ${SERVER}`);
  });
});

it.each([
  ['https://o.example', true, false],
  ['http://127.0.0.1:80', true, true],
  ['http://127.9.9.9', true, true],
  ['http://0x7f.1', true, true],
  ['http://localhost.example', false, false],
  ['http://[::1]', true, true],
  ['http://[::2]', false, false],
  ['http://10.0.0.1', false, false],
  ['javascript:alert(1)', false, false],
])('%s: a server %s, on this machine %s', (url, isServer, isLoopback) => {
  expect([isServerUrl(url), isLoopbackUrl(url)]).toEqual([isServer, isLoopback]);
});
