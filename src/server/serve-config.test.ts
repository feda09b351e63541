import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRIVATE_NETWORKS } from './client-address.ts';
import { SECRET, SettingsDirectory } from './serve-config.fixture.ts';
import { SETTING_NAMES, SETTINGS } from './serve-settings.ts';

const PUBLIC = { OUTKIT_PUBLIC_URL: 'https://outkit.example.com' };

describe('the configuration', () => {
  it('serves this machine when nothing but the secret is given', () => {
    const directory = new SettingsDirectory();
    expect(directory.read()).toEqual({
      dataDirectory: join(directory.path, 'outkit-data'),
      host: '127.0.0.1',
      port: 4680,
      publicUrl: 'http://127.0.0.1:4680',
      hosts: ['127.0.0.1'],
      trustedProxies: [],
      secret: SECRET,
      owner: null,
      oidc: null,
      smtp: null,
      auditHeadsFile: null,
      usageSync: 'second',
      databaseUrl: null,
      redisUrl: null,
      limits: 'shared',
      gatewayName: hostname(),
      workers: 1,
      metricsToken: null,
      eventDays: 7,
      eventLimit: 1_000_000,
      logLevel: 'info',
    });
  });

  it('takes flags before the environment, and the environment before the file', () => {
    const directory = new SettingsDirectory();
    const file = directory.file({ port: 1000, logLevel: 'error', dataDirectory: 'data', hosts: ['A.example.com'] });
    const env = { OUTKIT_PORT: '2000', OUTKIT_LOG_LEVEL: 'warn', OUTKIT_DATA_DIR: '' };
    expect(directory.read({ file, env, flags: { port: '3000' } })).toMatchObject({
      port: 3000,
      publicUrl: 'http://127.0.0.1:3000',
      logLevel: 'warn',
      dataDirectory: join(directory.path, 'etc/data'),
      hosts: ['127.0.0.1', 'a.example.com'],
    });
  });

  it('has every setting in the environment, and in the file under the same name', () => {
    const directory = new SettingsDirectory();
    for (const name of ['password', 'client', 'mail']) directory.secret(name, `of ${name} 12345\n`);
    directory.secret('metrics', `${SECRET}\n`);
    directory.secret('database', 'postgres://outkit:pass@db.example.com/outkit\n');
    directory.secret('redis', 'rediss://:pass@redis.example.com:6380');
    const env = {
      ...PUBLIC,
      OUTKIT_DATA_DIR: 'data',
      OUTKIT_HOST: '0.0.0.0',
      OUTKIT_PORT: '8080',
      OUTKIT_HOSTS: 'a.example.com, b.example.com',
      OUTKIT_TRUSTED_PROXIES: '10.1.2.3,2001:db8::/32',
      OUTKIT_OWNER_EMAIL: 'Owner@Example.com',
      OUTKIT_OWNER_PASSWORD_FILE: 'password',
      OUTKIT_OIDC_ISSUER: 'https://login.example.com/realms/one',
      OUTKIT_OIDC_CLIENT_ID: 'outkit',
      OUTKIT_OIDC_CLIENT_SECRET_FILE: 'client',
      OUTKIT_OIDC_LABEL: 'Example login',
      OUTKIT_SMTP_HOST: 'mail.example.com',
      OUTKIT_SMTP_PORT: '2525',
      OUTKIT_SMTP_USER: 'outkit',
      OUTKIT_SMTP_PASSWORD_FILE: 'mail',
      OUTKIT_SMTP_FROM: 'Outkit <outkit@example.com>',
      OUTKIT_AUDIT_HEADS_FILE: 'heads',
      OUTKIT_USAGE_SYNC: 'always',
      OUTKIT_DATABASE_URL_FILE: 'database',
      OUTKIT_REDIS_URL_FILE: 'redis',
      OUTKIT_LIMITS: 'shared',
      OUTKIT_GATEWAY_NAME: 'gateway-1',
      OUTKIT_WORKERS: '4',
      OUTKIT_METRICS_TOKEN_FILE: 'metrics',
      OUTKIT_EVENT_DAYS: '90',
      OUTKIT_EVENT_LIMIT: '10000000',
      OUTKIT_LOG_LEVEL: 'error',
    };
    const config = directory.read({ env });
    expect(config).toEqual({
      dataDirectory: join(directory.path, 'data'),
      host: '0.0.0.0',
      port: 8080,
      publicUrl: 'https://outkit.example.com',
      hosts: ['outkit.example.com', 'a.example.com', 'b.example.com'],
      trustedProxies: ['10.1.2.3', '2001:db8::/32'],
      secret: SECRET,
      owner: { email: 'owner@example.com', name: 'owner', password: 'of password 12345' },
      oidc: {
        issuer: 'https://login.example.com/realms/one',
        clientId: 'outkit',
        clientSecret: 'of client 12345',
        label: 'Example login',
      },
      smtp: {
        host: 'mail.example.com',
        port: 2525,
        isImplicitTls: false,
        login: { user: 'outkit', password: 'of mail 12345' },
        from: 'Outkit <outkit@example.com>',
      },
      auditHeadsFile: join(directory.path, 'heads'),
      usageSync: 'always',
      databaseUrl: 'postgres://outkit:pass@db.example.com/outkit',
      redisUrl: 'rediss://:pass@redis.example.com:6380',
      limits: 'shared',
      gatewayName: 'gateway-1',
      workers: 4,
      metricsToken: SECRET,
      eventDays: 90,
      eventLimit: 10_000_000,
      logLevel: 'error',
    });
    const up = (name: string) => join(directory.path, name);
    const file = directory.file({
      dataDirectory: up('data'),
      host: '0.0.0.0',
      port: 8080,
      publicUrl: 'https://outkit.example.com',
      hosts: ['a.example.com', 'b.example.com'],
      trustedProxies: ['10.1.2.3', '2001:db8::/32'],
      owner: { email: 'Owner@Example.com', passwordFile: up('password') },
      oidc: {
        issuer: 'https://login.example.com/realms/one',
        clientId: 'outkit',
        clientSecretFile: up('client'),
        label: 'Example login',
      },
      smtp: {
        host: 'mail.example.com',
        port: 2525,
        user: 'outkit',
        passwordFile: up('mail'),
        from: 'Outkit <outkit@example.com>',
      },
      auditHeadsFile: up('heads'),
      usageSync: 'always',
      databaseUrlFile: up('database'),
      redisUrlFile: up('redis'),
      limits: 'shared',
      gatewayName: 'gateway-1',
      workers: 4,
      metricsTokenFile: up('metrics'),
      eventDays: 90,
      eventLimit: 10_000_000,
      logLevel: 'error',
    });
    expect(directory.read({ file })).toEqual(config);
  });

  it.each([
    ['smtps://mail.example.com', { host: 'mail.example.com', port: 465, isImplicitTls: true, login: null }],
    ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, isImplicitTls: false, login: null }],
    ['smtp://[::1]:25', { host: '::1', port: 25, isImplicitTls: false, login: null }],
    [
      'smtp://a%40b:p%2Fw@mail.example.com:2525',
      { host: 'mail.example.com', port: 2525, isImplicitTls: false, login: { user: 'a@b', password: 'p/w' } },
    ],
  ])('reads the mail server of %s', (url, expected) => {
    const env = { OUTKIT_SMTP_URL: url, OUTKIT_SMTP_FROM: 'outkit@example.com' };
    expect(new SettingsDirectory().read({ env }).smtp).toEqual({ ...expected, from: 'outkit@example.com' });
  });

  it('believes private networks when it is behind a proxy, and no others', () => {
    const env = { ...PUBLIC, OUTKIT_HOST: '::' };
    expect(new SettingsDirectory().read({ env, flags: { behindProxy: 'true' } }).trustedProxies).toBe(PRIVATE_NETWORKS);
  });
});

describe('a configuration that is wrong', () => {
  it('is answered once, with a line for each setting, and where it stands', () => {
    const directory = new SettingsDirectory();
    const problems = directory.problems({
      flags: { port: '70000' },
      env: { OUTKIT_PUBLIC_URL: 'http://outkit.example.com', OUTKIT_SECRET_FILE: 'missing' },
      file: directory.file({ logLevel: 'loud', colour: 'red', smtp: { host: 'mail.example.com' }, oidc: 'no' }),
    });
    expect(problems).toEqual([
      'outkit.server.json:3: unknown field colour',
      'outkit.server.json:5: oidc must be an object',
      '--port: must be a port, a number from 1 to 65535',
      'OUTKIT_PUBLIC_URL: must be the address that people use, such as https://outkit.example.com: https (http on this machine only), without user, password or path',
      'outkit.server.json:2: logLevel must be error, warn, info',
      'OUTKIT_SECRET_FILE: names a file that does not exist',
      'OUTKIT_SMTP_FROM: is needed beside smtp.host',
    ]);
  });

  it.each([
    ['OUTKIT_PORT', ['0', '-1', '65536', '1e3', '80.5', '٣', 'http', '0x50', '00000080']],
    ['OUTKIT_HOST', ['a b', 'http://127.0.0.1', '127.0.0.1:80', '[::1]', 'ä.example.com']],
    [
      'OUTKIT_PUBLIC_URL',
      [
        'outkit.example.com',
        'https://a@b.example.com',
        'https://a.example.com/x',
        'ftp://a',
        'http://10.0.0.1',
        'http://localhost.example.com',
        'https://a.example.com?x',
      ],
    ],
    ['OUTKIT_HOSTS', ['a,,b', 'a b', 'https://a.example.com']],
    ['OUTKIT_BEHIND_PROXY', ['yes', 'TRUE', '2']],
    [
      'OUTKIT_TRUSTED_PROXIES',
      ['all', '0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0/8', '10.0.0.1-10.0.0.9', 'proxy.example.com', '::1%lo'],
    ],
    ['OUTKIT_OWNER_EMAIL', ['owner', 'a@b@c', 'a b@example.com', 'a@example.com\n']],
    [
      'OUTKIT_OIDC_ISSUER',
      [
        'login.example.com',
        'http://login.example.com',
        'https://login.example.com/?a',
        'https://a:b@login.example.com',
      ],
    ],
    ['OUTKIT_OIDC_CLIENT_ID', ['a b', 'é']],
    [
      'OUTKIT_SMTP_URL',
      [
        'mail.example.com',
        'http://mail.example.com',
        'smtp://mail.example.com/x',
        'smtp://%zz@mail.example.com',
        'smtp://a%0d@mail.example.com',
        'smtp://',
      ],
    ],
    [
      'OUTKIT_SMTP_FROM',
      ['Outkit', 'a@b.example, c@d.example', 'Outkit <a@b.example>\r\nBcc: c@d.example', 'A <b> <a@b.example>'],
    ],
    ['OUTKIT_LOG_LEVEL', ['trace', 'INFO']],
  ])('names %s', (variable, wrong) => {
    const directory = new SettingsDirectory();
    for (const value of wrong) {
      const problems = directory.problems({ env: { [variable]: value } });
      expect(
        problems.filter((line) => line.startsWith(`${variable}: must `)),
        value,
      ).toHaveLength(1);
    }
  });

  it.each([null, {}, [], true, 1.5, 'text', [1], [null]])('refuses %j wherever it is of the wrong kind', (value) => {
    const directory = new SettingsDirectory();
    const takes: Record<string, unknown> = { behindProxy: true, hosts: [], trustedProxies: [] };
    for (const name of SETTING_NAMES) {
      const isOfKind = SETTINGS[name].form === 'text' && value === 'text';
      if (isOfKind || JSON.stringify(takes[name]) === JSON.stringify(value)) continue;
      const [group = '', field] = name.split('.');
      const file = directory.file({ [group]: field ? { [field]: value } : value });
      const problems = directory.problems({ file, env: { OUTKIT_SECRET_FILE: '' } });
      expect(
        problems.filter((line) => line.startsWith(`outkit.server.json:2: ${name} must`)),
        name,
      ).toHaveLength(1);
    }
  });

  it('never has a value of a setting in its answer, right or wrong', () => {
    const directory = new SettingsDirectory();
    const canary = 'cAnAry-4711';
    for (const value of [canary, `https://${canary}:${canary}@x/`, `${canary}\n`, `/${canary}`, ` ${canary} `]) {
      const env = Object.fromEntries(SETTING_NAMES.map((name) => [SETTINGS[name].variable, value]));
      const flags = Object.fromEntries(SETTING_NAMES.map((name) => [name, value]));
      const file = directory.file({ ...flags, [canary]: canary, smtp: { [canary]: canary, url: value } });
      for (const sources of [{ env }, { flags }, { file }]) {
        const problems = directory.problems(sources);
        expect(problems.length).toBeGreaterThan(3);
        expect(problems.join('\n').toLowerCase()).not.toContain('canary');
      }
    }
  });

  it('may be told that a secret stands in the file, where none may', () => {
    const directory = new SettingsDirectory();
    const file = directory.file({
      secret: SECRET,
      owner: { password: 'x' },
      smtp: { url: 'smtp://a:b@mail.example.com' },
    });
    const problems = directory.problems({ file });
    expect(problems).toContain(
      'outkit.server.json:2: secret must not stand here: put it into a file of its own, and name that as secretFile',
    );
    expect(problems.join('\n')).toContain('name that as owner.passwordFile');
    expect(problems.join('\n')).toContain('smtp.url must not hold a password');
  });

  it('is told together with a file that is no JSON', () => {
    const problems = new SettingsDirectory().problems({
      file: { kind: 'refused', message: 'outkit.server.json:3: is not JSON here' },
      env: { OUTKIT_PORT: 'x' },
    });
    expect(problems).toEqual(['outkit.server.json:3: is not JSON here', expect.stringMatching(/^OUTKIT_PORT: /)]);
  });
});

describe('accounts in the configuration', () => {
  it.each([
    [{ OUTKIT_OWNER_EMAIL: 'a@example.com' }, ['OUTKIT_OWNER_PASSWORD_FILE: is needed beside owner.email']],
    [
      { OUTKIT_OWNER_NAME: 'A' },
      ['OUTKIT_OWNER_EMAIL: is needed beside owner.name', 'OUTKIT_OWNER_PASSWORD_FILE: is needed beside owner.name'],
    ],
    [
      { OUTKIT_OWNER_EMAIL: 'a@example.com', OUTKIT_OWNER_PASSWORD_FILE: 'short' },
      ['OUTKIT_OWNER_PASSWORD_FILE: names a file whose password must have 10 to 128 characters'],
    ],
    [
      { OUTKIT_OIDC_ISSUER: 'https://login.example.com' },
      [
        'OUTKIT_OIDC_CLIENT_ID: is needed beside oidc.issuer',
        'OUTKIT_OIDC_CLIENT_SECRET_FILE: is needed beside oidc.issuer',
      ],
    ],
    [{ OUTKIT_SMTP_FROM: 'a@example.com' }, ['OUTKIT_SMTP_HOST: is needed beside smtp.from']],
    [
      { OUTKIT_SMTP_FROM: 'a@example.com', OUTKIT_SMTP_HOST: 'mail.example.com', OUTKIT_SMTP_USER: 'a' },
      ['OUTKIT_SMTP_USER: needs a user and a password, or neither'],
    ],
    [
      { OUTKIT_SMTP_FROM: 'a@example.com', OUTKIT_SMTP_URL: 'smtp://mail.example.com', OUTKIT_SMTP_PORT: '25' },
      ['OUTKIT_SMTP_PORT: is given beside smtp.url, which says it already: leave one of them out'],
    ],
  ])('are not half given: %j', (env, expected) => {
    const directory = new SettingsDirectory();
    directory.secret('short', 'too short');
    expect(directory.problems({ env })).toEqual(expected);
  });
});
