import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Project, temporaryProject } from './outkit.ts';

const SECRET = 'a6SvJ0xq3ZfLw8dTnRk1YgBhUo5MpEiC7sVuQzN2mXyKtWj9';

function projectWithSecret(files: Readonly<Record<string, string>> = {}): Project {
  const project = temporaryProject({ files: { 'outkit.secret': `${SECRET}\n`, ...files } });
  chmodSync(project.path('outkit.secret'), 0o600);
  return project;
}

const env = { OUTKIT_SECRET_FILE: 'outkit.secret' };

describe('outkit serve refuses', () => {
  it('everything that is wrong at once, in the order of its sources, without a value of it', async () => {
    const project = projectWithSecret({
      'outkit.server.json': '{\n  "logLevel": "cAnAry",\n  "colour": "cAnAry"\n}\n',
    });
    const { stdout, stderr, exitCode } = await project.run(['serve', '--port', 'cAnAry'], {
      env: { OUTKIT_SECRET: 'cAnAry' },
    });
    expect(stderr.split('\n')).toEqual([
      'Error: outkit serve cannot start: 4 settings to correct',
      '  outkit.server.json:3: unknown field colour',
      '  --port: must be a port, a number from 1 to 65535',
      '  outkit.server.json:2: logLevel must be error, warn, info',
      expect.stringMatching(/^ {2}OUTKIT_SECRET: must have at least 32 bytes: make a random one with .*openssl/),
      '',
    ]);
    expect([stdout, exitCode]).toEqual(['', 1]);
    expect(project.names()).not.toContain('outkit-data');
  });

  it('to start without a secret, and gives a command that makes a good one', async () => {
    const project = temporaryProject();
    const { stderr, exitCode } = await project.run(['serve']);
    expect(exitCode).toBe(1);
    const make = /make a secret with (.*), then OUTKIT_SECRET_FILE=outkit\.secret$/m.exec(stderr)?.[1] ?? '';
    expect(project.shell(make)).toMatchObject({ exitCode: 0 });
    const next = await project.run(['serve', '--host', '0.0.0.0'], { env });
    expect(next.stderr).not.toMatch(/SECRET/);
  });

  it.each([
    [
      'a public address without TLS before it',
      ['--host', '0.0.0.0', '--public-url', 'https://a.example.com'],
      {},
      '--host: would speak plain HTTP',
    ],
    ['http for the address of others', ['--public-url', 'http://a.example.com'], {}, '--public-url: must be'],
    [
      'a secret that others can read',
      [],
      { OUTKIT_SECRET_FILE: 'readable' },
      'OUTKIT_SECRET_FILE: names a file that other users can read: chmod 600',
    ],
    [
      'a Node that does not check certificates',
      [],
      { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      'NODE_TLS_REJECT_UNAUTHORIZED: is 0',
    ],
    [
      'a Node with a lenient parser',
      [],
      { NODE_OPTIONS: '--insecure-http-parser' },
      'NODE_OPTIONS: holds --insecure-http-parser',
    ],
    ['a data directory for all', ['--data-dir', '.'], {}, '--data-dir: names a directory that is open to other users'],
    ['a settings file that is not there', ['--config', 'none.json'], {}, 'none.json: does not exist'],
  ])('%s', async (_, flags, more, expected) => {
    const project = projectWithSecret({ readable: SECRET });
    chmodSync(project.path('readable'), 0o644);
    const { stderr, exitCode } = await project.run(['serve', ...flags], { env: { ...env, ...more } });
    expect(stderr).toContain(`\n  ${expected}`);
    expect(stderr).toContain('Error: outkit serve cannot start: a setting to correct\n');
    expect(exitCode).toBe(1);
  });

  it('a secret or a password on its command line', async () => {
    for (const flag of ['--secret', '--password', '--smtp-password', '--owner-password']) {
      const { stderr, exitCode } = await projectWithSecret().run(['serve', flag, 'cAnAry'], { env });
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`nknown option '${flag}'`)]);
      expect(stderr).not.toContain('cAnAry');
    }
  });

  it('--json, in which it could not say how to set it up', async () => {
    const { stderr, exitCode } = await projectWithSecret().run(['serve', '--json'], { env });
    expect([exitCode, JSON.parse(stderr).error.code]).toEqual([2, 'usage']);
  });
});
