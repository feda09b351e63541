import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SECRET, SettingsDirectory } from './serve-config.fixture.ts';

const PUBLIC = { OUTKIT_PUBLIC_URL: 'https://outkit.example.com' };

describe('a setting that would be unsafe', () => {
  it.each(['0.0.0.0', '::', '192.168.1.10', 'outkit.example.com'])('is %s without a proxy before it', (host) => {
    const directory = new SettingsDirectory();
    const way = 'listen on 127.0.0.1, or put a proxy with TLS before it and add --behind-proxy';
    expect(directory.problems({ flags: { host }, env: PUBLIC })).toEqual([
      `--host: would speak plain HTTP to other machines: ${way}`,
    ]);
    expect(directory.problems({ flags: { host }, env: { ...PUBLIC, OUTKIT_BEHIND_PROXY: 'true' } })).toEqual([]);
    expect(directory.problems({ flags: { host }, env: { OUTKIT_BEHIND_PROXY: 'true' } })).toEqual([
      'OUTKIT_PUBLIC_URL: is needed: the https address that people use',
    ]);
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('is not %s', (host) => {
    expect(new SettingsDirectory().problems({ flags: { host } })).toEqual([]);
  });

  it('is nothing said of the proxy that people come through, which would give them all one address', () => {
    const directory = new SettingsDirectory();
    expect(directory.problems({ env: PUBLIC })).toEqual([
      expect.stringMatching(/^OUTKIT_BEHIND_PROXY: is needed, .* add --behind-proxy;/),
    ]);
    for (const proxy of [
      { OUTKIT_BEHIND_PROXY: 'true' },
      { OUTKIT_BEHIND_PROXY: 'false' },
      { OUTKIT_TRUSTED_PROXIES: '127.0.0.1' },
    ]) {
      expect(directory.problems({ env: { ...PUBLIC, ...proxy } })).toEqual([]);
    }
    expect(directory.problems({ env: { OUTKIT_PUBLIC_URL: 'http://localhost:4680' } })).toEqual([]);
  });

  it('is a data directory that others can look into', () => {
    const directory = new SettingsDirectory();
    const data = mkdtempSync(join(directory.path, 'data-'));
    for (const mode of [0o755, 0o750, 0o701, 0o707]) {
      chmodSync(data, mode);
      expect(directory.problems({ flags: { dataDirectory: data } })).toEqual([
        '--data-dir: names a directory that is open to other users of this machine: chmod 700 on it',
      ]);
    }
    expect(directory.problems({ flags: { dataDirectory: 'x'.repeat(300) } })).toEqual([
      '--data-dir: names a directory that cannot be looked at (ENAMETOOLONG)',
    ]);
    chmodSync(data, 0o700);
    expect(directory.problems({ flags: { dataDirectory: data } })).toEqual([]);
  });

  it.each([
    ['short', 'must have at least 32 bytes'],
    ['changeme'.repeat(5), 'looks like a placeholder'],
    [`${SECRET} with spaces`, 'must be printable ASCII without spaces'],
  ])('is a token for metrics that can be guessed or sent by nobody: %s', (token, what) => {
    const directory = new SettingsDirectory();
    directory.secret('metrics', token);
    expect(directory.problems({ env: { OUTKIT_METRICS_TOKEN_FILE: 'metrics' } })).toEqual([
      expect.stringContaining(`OUTKIT_METRICS_TOKEN_FILE: names a file whose token ${what}`),
    ]);
  });

  it.each([
    [{ NODE_OPTIONS: '--max-old-space-size=100 --insecure-http-parser' }, [], /^NODE_OPTIONS: /],
    [{ NODE_OPTIONS: '--insecure_http_parser' }, [], /^NODE_OPTIONS: /],
    [{}, ['--insecure-http-parser'], /^node: /],
    [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, [], /^NODE_TLS_REJECT_UNAUTHORIZED: is 0/],
    [{ BETTER_AUTH_TELEMETRY: '1' }, [], /^BETTER_AUTH_TELEMETRY: would report/],
  ])('is a Node that is made careless by %j %j', (env, nodeFlags, expected) => {
    const directory = new SettingsDirectory();
    expect(directory.problems({ env, nodeFlags })).toEqual([expect.stringMatching(expected)]);
  });

  it('is not a Node with other flags', () => {
    const env = { NODE_OPTIONS: '--no-insecure-http-parser', NODE_TLS_REJECT_UNAUTHORIZED: '1' };
    expect(new SettingsDirectory().problems({ env, nodeFlags: ['--enable-source-maps'] })).toEqual([]);
  });

  it('is behindProxy: false beside proxies that are trusted', () => {
    const env = { OUTKIT_BEHIND_PROXY: 'false', OUTKIT_TRUSTED_PROXIES: '10.0.0.1' };
    expect(new SettingsDirectory().problems({ env })).toEqual([
      'OUTKIT_TRUSTED_PROXIES: has no meaning while behindProxy is false: leave one of them out',
    ]);
  });
});

describe('the secret', () => {
  const MAKE = '(umask 077; openssl rand -base64 48 > outkit.secret), then OUTKIT_SECRET_FILE=outkit.secret';

  it('is needed, and the answer has the command that makes one', () => {
    expect(new SettingsDirectory().problems({ env: { OUTKIT_SECRET_FILE: '' } })).toEqual([
      `OUTKIT_SECRET_FILE: is needed: make a secret with ${MAKE}`,
    ]);
  });

  it('comes from one place', () => {
    const env = { OUTKIT_SECRET: SECRET };
    expect(new SettingsDirectory().problems({ env })).toEqual([
      'OUTKIT_SECRET_FILE: is given beside OUTKIT_SECRET: leave one of them out',
    ]);
    expect(new SettingsDirectory().read({ env: { ...env, OUTKIT_SECRET_FILE: '' } }).secret).toBe(SECRET);
  });

  it.each([
    ['short', 'must have at least 32 bytes'],
    [SECRET.slice(0, 31), 'must have at least 32 bytes'],
    ['a'.repeat(64), 'repeats itself'],
    ['x7Kq9mZt'.repeat(4), 'repeats itself'],
    [`${'x7Kq9mZtR2'.repeat(3)}x7K`, 'repeats itself'],
    ['0110100110010110100101100110100110010110', 'has too few different characters'],
    ['abcdefghijklmnopqrstuvwxyz0123456789', 'is a sequence of neighbouring characters'],
    ['please-change-me-before-production-1', 'looks like a placeholder'],
    ['CHANGE_THIS_to_something_random_42', 'looks like a placeholder'],
    ['better-auth-secret-123456789-abcdefg', 'looks like a placeholder'],
    ['my-super-secret-value-that-is-long-99', 'looks like a placeholder'],
  ])('is not %s', (secret, weakness) => {
    const directory = new SettingsDirectory();
    const env = { OUTKIT_SECRET: secret, OUTKIT_SECRET_FILE: '' };
    expect(directory.problems({ env })).toEqual([`OUTKIT_SECRET: ${weakness}: make a random one with ${MAKE}`]);
  });

  it.each([0o640, 0o604, 0o660, 0o644, 0o601])('is not in a file of mode %o', (mode) => {
    const directory = new SettingsDirectory();
    directory.secret('outkit.secret', SECRET, mode);
    // A file of root for the group root is how systemd hands a credential over.
    const isCredential = mode === 0o640 && process.getuid?.() === 0;
    expect(directory.problems({})).toEqual(
      isCredential ? [] : ['OUTKIT_SECRET_FILE: names a file that other users can read: chmod 600 on it'],
    );
  });

  it('is not in a directory, an empty file, a large one, one of several lines, or one that is no text', () => {
    const directory = new SettingsDirectory();
    mkdirSync(join(directory.path, 'd'), { mode: 0o700 });
    const wrong = {
      d: 'must name a file',
      [directory.secret('empty', '\n')]: 'names an empty file',
      [directory.secret('large', 'x'.repeat(4097))]: 'names a file of more than 4096 bytes',
      [directory.secret('lines', `${SECRET}\n${SECRET}\n`)]: 'names a file of more than one line of text',
    };
    for (const [OUTKIT_SECRET_FILE, what] of Object.entries(wrong)) {
      expect(directory.problems({ env: { OUTKIT_SECRET_FILE } })).toEqual([`OUTKIT_SECRET_FILE: ${what}`]);
    }
  });

  it('is not in a file of another user', () => {
    const directory = new SettingsDirectory();
    const userId = (process.getuid?.() ?? 0) + 1;
    const isRoot = process.getuid?.() === 0;
    // What root owns may be read by whoever root lets read it.
    expect(directory.problems({ userId })).toHaveLength(isRoot ? 0 : 1);
  });
});
