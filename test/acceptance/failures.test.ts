import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevServer, startDev } from './dev-server.ts';
import { type Finished, KEY, type Project, temporaryProject } from './outkit.ts';
import { answering } from './relay.ts';

let server: DevServer;
let project: Project;
beforeAll(async () => {
  server = await startDev();
  project = server.project;
});
afterAll(() => server.stop());

const MISSING = 'key_2222222222222222';

function failure(exitCode: number, what: string, hint: string | null): Finished {
  return { stdout: '', stderr: `Error: ${what}\n${hint === null ? '' : `  Try: ${hint}\n`}`, exitCode };
}

describe('2 · usage', () => {
  it.each([
    [['kyes', 'list'], "Unknown command 'kyes'", 'outkit keys list'],
    [['keys', 'lst'], "Unknown command 'lst'", 'outkit keys list'],
    [['keys', 'list', '--al'], "Unknown option '--al'", 'outkit keys list --all'],
    [['list', '--all'], "Unknown command 'list'", 'outkit keys list --all'],
    [['keys', 'delete', MISSING], "Unknown command 'delete'", `outkit keys revoke ${MISSING}`],
    [
      ['keys', 'create', 'dev key'],
      "Too many arguments for 'create'. Expected 0 arguments but got 1: dev key",
      "outkit keys create -n 'dev key'",
    ],
    [['keys', 'list', '--profil=x'], "Unknown option '--profil=x'", 'outkit keys list --profile=x'],
    [['keys', 'frobnicate'], "Unknown command 'frobnicate'", 'outkit keys --help'],
    [['keys', 'stats'], "Missing required argument 'keyId'", 'outkit keys stats --help'],
    [['keys', 'list', '--limit', '0'], '--limit takes a whole number from 1', 'outkit keys list --limit 20'],
    [
      ['keys', 'stats', 'okd_AbC1'],
      'That is the start of a key, not the id of one: ids look like key_7hq3m2xk9tqw4bnz',
      'outkit keys list',
    ],
    [['keys', 'stats', 'key_abc'], 'A prefix of an id needs at least 4 characters after key_', 'outkit keys list'],
    [
      ['keys', 'create', '-n', 'a', '--no-show'],
      '--no-show needs --env-file: else nobody would hold the key',
      'outkit keys create -n a --no-show --env-file',
    ],
    [
      ['keys', 'create', '-n', 'it is\u202e mine'],
      'A name has 1 to 64 characters, without control or direction characters',
      'outkit keys create -n "dev key"',
    ],
    [
      ['keys', 'create', '-n', 'a', '--expires', '2020-01-01'],
      '--expires lies in the past',
      'outkit keys create -n a --expires 90d',
    ],
  ])('%j', async (args, what, hint) => {
    expect(await project.run(args)).toEqual(failure(2, what, hint));
  });

  it('a profile that there is not is answered with those there are', async () => {
    const what = `--profile names no profile. There are ${server.profileId} (Default)`;
    for (const flag of [['--profile', 'x'], ['--profile=x']]) {
      const hint = `outkit keys list ${flag.join(' ').replace('x', server.profileId)}`;
      expect(await project.run(['keys', 'list', ...flag])).toEqual(failure(2, what, hint));
    }
  });

  it('a name is required where nobody can be asked', async () => {
    const what = failure(2, 'A key needs a name', 'outkit keys create -n <name>');
    expect(await project.run(['keys', 'create'])).toEqual(what);
    expect(await project.run(['keys', 'create'], { stdin: 'open' })).toEqual(what);
    expect(await project.run(['keys', 'create'], { stdin: 'dev key\n' })).toEqual(what);
    expect(await server.allKeys()).toEqual([]);
  });

  it.each([[[] as string[]], [['--reason', "it's out"]]])(
    'revoke without -y, with %j, changes nothing',
    async (more) => {
      const { key } = await server.newKey();
      const what = 'Refusing to revoke without confirmation. Re-run with -y.';
      const quoted = more.length === 0 ? '' : ` --reason 'it'\\''s out'`;
      const hint = `outkit keys revoke ${key.id}${quoted} -y`;
      expect(await project.run(['keys', 'revoke', key.id, ...more], { stdin: 'y\n' })).toEqual(failure(2, what, hint));
      expect((await server.keys.find(key.id)).status).toBe('active');
    },
  );

  it('ending an old secret without -y changes nothing', async () => {
    const { key } = await server.newKey();
    for (const flag of [['--grace', '0'], ['--end-grace']]) {
      const what = 'Refusing to end the old secret at once without confirmation. Re-run with -y.';
      const hint = `outkit keys rotate ${key.id} ${flag.join(' ')} -y`;
      expect(await project.run(['keys', 'rotate', key.id, ...flag])).toEqual(failure(2, what, hint));
    }
    expect((await server.keys.find(key.id)).start).toBe(key.start);
  });

  it('a changing command takes no shortened id where nobody sees which key it means', async () => {
    const { key } = await server.newKey();
    const short = key.id.slice(0, -1);
    const what = 'Without a question a prefix is not enough: give the whole id';
    expect(await project.run(['keys', 'revoke', short, '-y'])).toEqual(
      failure(2, what, `outkit keys revoke ${key.id} -y`),
    );
    expect(await project.run(['keys', 'rotate', short])).toEqual(failure(2, what, `outkit keys rotate ${key.id}`));
    expect((await project.run(['keys', 'stats', short])).exitCode).toBe(0);
    expect((await server.keys.find(key.id)).status).toBe('active');
  });

  it('a key as an argument is refused with the id to revoke, and never repeated', async () => {
    const { key, plaintext } = await server.newKey();
    const masked = `${plaintext.slice(0, 8)}••••••••`;
    const what = `An argument holds the key ${masked} itself. It now stands in the history of your shell: treat it as leaked`;
    expect(await project.run(['keys', 'revoke', plaintext, '-y'])).toEqual(
      failure(2, what, `outkit keys revoke ${key.id}`),
    );
    expect((await project.run(['keys', 'create', '-n', plaintext])).stderr).toContain(what);
    for (const args of [['keys', 'stats', key.id, plaintext], ['keys', 'lst', plaintext], [plaintext]]) {
      const { stdout, stderr, exitCode } = await project.run(args);
      expect(exitCode).toBe(2);
      expect(stdout + stderr).not.toMatch(KEY);
    }
    expect((await server.keys.find(key.id)).status).toBe('active');
  });
});

describe('3 · not found', () => {
  it.each([
    ['stats', []],
    ['rotate', []],
    ['revoke', ['-y']],
  ])('keys %s of an id that there is not', async (command, more) => {
    const finished = await project.run(['keys', command, MISSING, ...more]);
    expect(finished).toEqual(failure(3, `There is no key ${MISSING}`, 'outkit keys list --all'));
  });

  it('offers the id that was meant', async () => {
    const { key } = await server.newKey();
    const typed = `${key.id.slice(0, -1)}${key.id.endsWith('2') ? '3' : '2'}`;
    const finished = await project.run(['keys', 'stats', typed]);
    expect(finished).toEqual(failure(3, `There is no key ${typed}`, `outkit keys stats ${key.id}`));
  });

  it('says the same as one JSON object on standard error', async () => {
    const { stdout, stderr, exitCode } = await project.run(['keys', 'stats', MISSING, '--json']);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 });
    const message = `There is no key ${MISSING}`;
    expect(stderr).toBe(
      `${JSON.stringify({ error: { code: 'not_found', message, hint: 'outkit keys list --all' } })}\n`,
    );
  });
});

describe('4 · not allowed', () => {
  it('a wrong token', async () => {
    const env = { OUTKIT_API_URL: server.url, OUTKIT_TOKEN: 'okl_wrong' };
    const { stdout, stderr, exitCode } = await project.run(['keys', 'list'], { env });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 4 });
    expect(stderr).toMatch(
      /^Error: The outkit dev .* refuses the token of OUTKIT_TOKEN, .*\n {2}Try: unset OUTKIT_TOKEN\n$/,
    );
    expect(stderr).not.toContain('okl_wrong');
  });

  it('a token does not go to a server that only outkit.json names', async () => {
    const apiUrl = 'https://outkit.example.com';
    const elsewhere = temporaryProject({ files: { 'outkit.json': JSON.stringify({ apiUrl }) } });
    const finished = await elsewhere.run(['keys', 'list'], { env: { OUTKIT_TOKEN: 'secret' } });
    const what = `OUTKIT_TOKEN was not sent to ${apiUrl}: only outkit.json names that server`;
    expect(finished).toEqual(failure(4, what, `if you trust it, --api-url ${apiUrl}`));
  });

  it('no token for the server that was named', async () => {
    const elsewhere = temporaryProject();
    const finished = await elsewhere.run(['keys', 'list', '--api-url', server.url]);
    const what = `There is no credential for ${server.url}`;
    expect(finished).toEqual(failure(4, what, `outkit login --api-url ${server.url}`));
  });
});

describe('5 · conflict', () => {
  it('a second rotation names both ways out, and each of them works', async () => {
    const { key } = await server.newKey();
    await project.run(['keys', 'rotate', key.id]);
    const { stdout, stderr, exitCode } = await project.run(['keys', 'rotate', key.id]);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 5 });
    expect(stderr).toMatch(/^Error: dev key is in a grace window: its old secret is accepted until .*\n {2}Try: /);
    const waysOut = [...stderr.matchAll(/outkit (keys rotate key_\S+ --[a-z-]+)/g)].map(([, line = '']) => line);
    expect(waysOut.map((line) => line.split(' ').at(-1))).toEqual(['--replace-new', '--cancel']);
    for (const line of waysOut) expect((await project.run(line.split(' '))).exitCode).toBe(0);
  });

  it('a grace window that is over cannot be extended, ended or cancelled', async () => {
    const { key } = await server.newKey();
    await server.keys.rotate(key.id, { graceMs: 0, replaceNew: false, secret: null });
    for (const flags of [['--extend', '24h'], ['--end-grace', '-y'], ['--cancel'], ['--replace-new']]) {
      const finished = await project.run(['keys', 'rotate', key.id, ...flags]);
      expect(finished).toEqual(failure(5, 'The key is in no grace window', `outkit keys rotate ${key.id}`));
    }
  });

  it('a revoked key cannot be rotated', async () => {
    const { key } = await server.newKey();
    await server.keys.revoke(key.id, null);
    const { stdout, stderr, exitCode } = await project.run(['keys', 'rotate', key.id]);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 5 });
    expect(stderr).toMatch(/^Error: The key is revoked/);
  });
});

describe('6 and 7 · the server', () => {
  it('none is named and none runs, for whoami: then nobody is logged in', async () => {
    const { exitCode, stderr } = await temporaryProject().run(['whoami', '--json']);
    expect([exitCode, JSON.parse(stderr).error.code]).toEqual([4, 'not_logged_in']);
  });

  it('none is named and none runs', async () => {
    const what = 'No Outkit server: none is named, and no outkit dev runs in this project';
    expect(await temporaryProject().run(['keys', 'list'])).toEqual(
      failure(7, what, 'outkit dev, or for the server of a team: outkit login --api-url <url>'),
    );
  });

  it('it refuses connections', async () => {
    const url = 'http://127.0.0.1:1';
    const finished = await project.run(['keys', 'list', '--api-url', url], { env: { OUTKIT_TOKEN: 'any' } });
    expect(finished).toEqual(failure(7, `Cannot reach the Outkit server at ${url}`, 'outkit dev'));
  });

  it('its record outlived it', async () => {
    const crashed = await startDev();
    try {
      await crashed.kill();
      const what = `The outkit dev of this project, at ${crashed.url}, has ended`;
      expect(await crashed.project.run(['keys', 'list'])).toEqual(failure(7, what, 'outkit dev'));
    } finally {
      await crashed.stop();
    }
  });

  it.each([
    [429, 'rate_limited', 6],
    [503, 'unavailable', 7],
    [500, 'internal', 1],
  ])('what it says with %i (%s) is exit %i', async (status, code, exitCode) => {
    const url = await answering(
      status,
      'application/problem+json',
      JSON.stringify({ code, detail: 'Not\x1b[2J now', hint: null }),
    );
    const { stdout, stderr, ...finished } = await project.run(['keys', 'list', '--api-url', url], {
      env: { OUTKIT_TOKEN: 'any' },
    });
    expect({ stdout, ...finished }).toEqual({ stdout: '', exitCode });
    expect(stderr).toBe('Error: Not\\x1b[2J now\n');
  });

  it('what is no Outkit server is called that', async () => {
    const url = await answering(200, 'text/html', '<html>');
    const args = ['keys', 'list', '--api-url', url];
    const finished = await project.run(args, { env: { OUTKIT_TOKEN: 'any' } });
    expect(finished).toEqual(failure(1, `What answers at ${url} is not an Outkit server`, 'check --api-url'));
  });
});
