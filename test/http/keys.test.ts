import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/core/clock.ts';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { AUTHOR } from '../contract/key-store/samples.ts';
import { aKey, aSecret, NOON } from '../key-builder.ts';
import { TestServer } from '../local-server.ts';
import { exchange, headerOf, type RawAnswer, rawRequest } from './raw-http.ts';
import { codeOf, JSON_TYPE, keyHeader, ServerForTests, TOKEN } from './server-for-tests.ts';

const http = new ServerForTests();

const create = (body: object | string) => http.control(`/v1/profiles/${http.server.profileId}/keys`, body);
const jsonOf = ({ body }: RawAnswer) => JSON.parse(Buffer.from(body, 'latin1').toString()) as Record<string, unknown>;

/** Neither a hash nor what comes after the start of a plaintext. */
function expectNoSecret(answer: RawAnswer, plaintexts: readonly string[]): void {
  for (const plaintext of plaintexts) {
    expect(answer.body).not.toContain(hashSecret(plaintext));
    expect(answer.body).not.toContain(plaintext.slice(0, 9));
  }
  expect(answer.body).not.toMatch(/"(hash|secrets|plaintext)"/);
}

describe('POST /v1/profiles/{id}/keys: 201', () => {
  it.each([
    '=cmd()',
    '+1',
    '@x',
    '-2+3',
    '<img src=x onerror=alert(1)>',
    "' OR 1=1--",
    '{{7*7}}',
    '%s%n',
    '__proto__',
    'constructor',
    'a%00b',
    '../../etc/passwd',
    '👩‍👩‍👧',
    'ключ',
    '鍵',
    '🔑'.repeat(64),
    'a'.repeat(64),
  ])('keeps the name %j as it is', async (name) => {
    const created = await create({ name });
    expect(created.status).toBe(201);
    const { id } = jsonOf(created);
    expect(jsonOf(await http.control(`/v1/keys/${id}`))['name']).toBe(name);
  });

  it('keeps a name in NFC, so that two ways to write it are one', async () => {
    expect(jsonOf(await create({ name: 'cle\u0301' }))['name']).toBe('cl\u00e9');
  });

  it.each(['1', '1000000000', '1e2', '100.0'])('takes the limit %s', async (json) => {
    const created = await create(`{"name":"ok","rateLimitPerMinute":${json}}`);
    expect(jsonOf(created)['rateLimitPerMinute']).toBe(Number(json));
  });

  it('shows the plaintext in that one answer when the server minted, and in no other', async () => {
    const created = await create({ name: 'minted by the server' });
    const { id, key, start } = jsonOf(created) as { id: string; key: string; start: string };
    expect(headerOf(created, 'cache-control')).toBe('no-store');
    expect((await http.send({ headers: [keyHeader(key)] })).status).toBe(200);
    expect(start).toBe(key.slice(0, 8));
    for (const target of [`/v1/keys/${id}`, `/v1/keys/${id}/stats`, `/v1/keys?prefix=${id}`]) {
      const answer = await http.control(target);
      expect(answer.status).toBe(200);
      expectNoSecret(answer, [key]);
    }
  });
});

describe('no answer about a key has a plaintext or a hash', () => {
  it('in its whole life', async () => {
    const key = await http.createKey();
    const newer = await http.rotate(key, HOUR_MS);
    const newest = http.mint();
    const paths = ['', '/stats'].map((suffix) => `/v1/keys/${key.id}${suffix}`);
    const list = `/v1/profiles/${http.server.profileId}/keys`;
    const { hash } = http.minted(key.plaintext);
    const answers = [
      ...(await Promise.all([...paths, list, `${list}?include=revoked`].map((target) => http.control(target)))),
      await http.control('/v1/keys/find-by-hash', { hash }),
      await http.control(`/v1/keys/${key.id}/extend-grace`, { byMs: HOUR_MS }),
      await http.control(`/v1/keys/${key.id}/end-grace`, {}),
      await http.control(`/v1/keys/${key.id}/update`, { rateLimitPerMinute: 1_000 }),
      await http.control(`/v1/keys/${key.id}/rotate`, { ...http.minted(newest), graceMs: HOUR_MS }),
      await http.control(`/v1/keys/${key.id}/cancel-rotation`, {}),
      await http.control(`/v1/keys/${key.id}/revoke`, { reason: 'done' }),
      await http.control(`/v1/profiles/${http.server.profileId}/keys`, { name: 'again', hash, start: 'okd_Abcd' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([...Array(11).fill(200), 409]);
    for (const answer of answers) expectNoSecret(answer, [key.plaintext, newer, newest]);
  });
});

describe('POST without a body, or with one that is no object', () => {
  it.each(['rotate', 'revoke', 'end-grace', 'cancel-rotation'])(
    '%s: null, [] and strings are 400, and change nothing',
    async (action) => {
      const key = await http.createKey();
      await http.rotate(key, HOUR_MS);
      const before = await http.server.keys.find(key.id);
      for (const body of ['null', '[]', '[{}]', '"x"', '1', '{"x":1}', '{"__proto__":{}}', ' ']) {
        const answer = await http.control(`/v1/keys/${key.id}/${action}`, body);
        expect([body, answer.status]).toEqual([body, 400]);
      }
      expect(await http.server.keys.find(key.id)).toEqual(before);
    },
  );

  it('revoke takes no body at all', async () => {
    const { id } = await http.createKey();
    expect((await http.send({ method: 'POST', target: `/v1/keys/${id}/revoke`, headers: [TOKEN] })).status).toBe(200);
  });
});

describe('400 of rotate, extend-grace, update and revoke: nothing changes', () => {
  it.each<[string, string]>([
    ['rotate', '{"graceMs":-1}'],
    ['rotate', '{"graceMs":1e9}'],
    ['rotate', `{"graceMs":${7 * DAY_MS + 1}}`],
    ['rotate', '{"graceMs":1.5}'],
    ['rotate', '{"graceMs":1e400}'],
    ['rotate', '{"graceMs":"24h"}'],
    ['rotate', '{"graceMs":null}'],
    ['rotate', '{"replaceNew":"true"}'],
    ['rotate', '{"grace":0}'],
    ['rotate', '{"name":"x"}'],
    ['extend-grace', '{}'],
    ['extend-grace', '{"byMs":0}'],
    ['extend-grace', '{"byMs":-3600000}'],
    ['extend-grace', `{"byMs":${7 * DAY_MS + 1}}`],
    ['update', '{}'],
    ['update', '{"rateLimitPerMinute":0}'],
    ['update', '{"rateLimitPerMinute":1.5}'],
    ['update', '{"rateLimitPerMinute":1000000001}'],
    ['update', '{"rateLimitPerMinute":"plan"}'],
    ['update', '{"expiresAt":"2020-01-01T00:00:00Z"}'],
    ['update', '{"expiresAt":"2027-02-30T00:00:00Z"}'],
    ['update', '{"expiresAt":1900000000000}'],
    ['update', '{"rateLimitPerMinute":7,"name":"x"}'],
    ['revoke', '{"reason":1}'],
    ['revoke', `{"reason":"${'a'.repeat(501)}"}`],
    ['revoke', '{"reason":"\\ud800"}'],
    ['revoke', '{"revokedAt":"2020-01-01T00:00:00Z"}'],
    ['end-grace', '{"force":true}'],
  ])('%s %s', async (action, body) => {
    const key = await http.createKey();
    const before = await http.server.keys.find(key.id);
    const answer = await http.control(`/v1/keys/${key.id}/${action}`, body);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(await http.server.keys.find(key.id)).toEqual(before);
  });

  it('rotate takes a grace of 0 and of 7 days', async () => {
    for (const graceMs of [0, 7 * DAY_MS]) {
      const { id } = await http.createKey();
      expect((await http.control(`/v1/keys/${id}/rotate`, { graceMs, ...http.minted() })).status).toBe(200);
    }
  });

  it('a body over 64 KB is 413', async () => {
    const { id } = await http.createKey();
    const answer = await http.control(`/v1/keys/${id}/revoke`, `{"reason":${' '.repeat(65_536)}null}`);
    expect([answer.status, codeOf(answer)]).toEqual([413, 'input_too_large']);
    const within = await http.control(`/v1/keys/${id}/revoke`, `{"reason":${' '.repeat(65_500)}null}`);
    expect(within.status).toBe(200);
  });
});

describe('400 of the queries', () => {
  it.each([
    'limit=0',
    'limit=-1',
    'limit=101',
    'limit=1e1',
    'limit=+5',
    'limit=%205',
    'limit=1.5',
    'limit=0x10',
    'limit=',
    'limit=9999999999999999999',
    'limit=1&limit=2',
    'limit[]=1',
    'include=all',
    'include=',
    'include=revoked&include=revoked',
    'cursor=',
    'cursor=x',
    'cursor=..%2f',
    `cursor=${'A'.repeat(513)}`,
    'cursor[__proto__]=1',
    'page=2',
    'api_key=x',
  ])('list ?%s', async (query) => {
    const answer = await http.control(`/v1/profiles/${http.server.profileId}/keys?${query}`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  });

  it.each([
    'windowMs=0',
    'windowMs=3599999',
    'windowMs=31536000001',
    'windowMs=1h',
    'windowMs=-3600000',
    'window=1',
    'step=week',
    'step=hour&windowMs=2592000001',
  ])('stats ?%s', async (query) => {
    const { id } = await http.createKey();
    expect((await http.control(`/v1/keys/${id}/stats?${query}`)).status).toBe(400);
  });

  it.each(['', '?prefix=', '?prefix=key_', '?prefix=key_22', '?prefix=%25', '?prefix=key_2222%25', '?prefix=key_222_'])(
    '/v1/keys%s',
    async (query) => {
      expect((await http.control(`/v1/keys${query}`)).status).toBe(400);
    },
  );
});

describe('404: foreign and missing look the same', () => {
  it('in every byte of the answer but its date and its id', async () => {
    const foreign = { keyId: 'key_zzzzzzzzzzzzzzzz', profileId: 'prof_zzzzzzzzzzzzzzzz', hash: 'e'.repeat(64) };
    const server = await TestServer.start(async (dataDirectory) => {
      const store = await openStore(dataDirectory);
      const [teamId, createdAt] = ['team_zzzzzzzzzzzzzzzz', NOON];
      // The local team is the first one.
      await store.insertTeam({ id: 'team_2222222222222222', name: 'Local', createdAt: NOON - 1 });
      await store.insertTeam({ id: teamId, name: 'Other', createdAt });
      const profile = {
        id: foreign.profileId,
        teamId,
        name: 'Other',
        plan: 'pro',
        design: {},
        createdAt,
        archivedAt: null,
      } as const;
      await store.insertProfile(profile, AUTHOR);
      const secrets = [aSecret({ hash: foreign.hash })];
      await store.insertKey(aKey({ id: foreign.keyId, teamId, profileId: profile.id, secrets }), AUTHOR);
      await store.close();
    });
    const nobodys = { keyId: 'key_3333333333333333', profileId: 'prof_3333333333333333', hash: 'f'.repeat(64) };
    const requests = ({ keyId, profileId, hash }: typeof foreign): (readonly [string, object?])[] => [
      [`/v1/keys/${keyId}`],
      [`/v1/keys/${keyId}/stats`],
      ['/v1/keys/find-by-hash', { hash }],
      [`/v1/profiles/${profileId}`],
      [`/v1/profiles/${profileId}/keys`],
      [`/v1/profiles/${profileId}/keys`, { name: 'x' }],
      ...['rotate', 'revoke', 'end-grace', 'cancel-rotation'].map(
        (action) => [`/v1/keys/${keyId}/${action}`, {}] as const,
      ),
      [`/v1/keys/${keyId}/extend-grace`, { byMs: HOUR_MS }],
      [`/v1/keys/${keyId}/update`, { rateLimitPerMinute: 7 }],
    ];
    const answerTo = async ([target, body]: readonly [string, object?]) => {
      const head = { method: body === undefined ? 'GET' : 'POST', target, headers: [TOKEN, JSON_TYPE] };
      const raw = rawRequest(body === undefined ? head : { ...head, body: JSON.stringify(body) });
      const { status, headers, body: text } = await exchange(server.url, raw);
      return { status, headers: headers.filter(([name]) => name !== 'date' && name !== 'x-request-id'), text };
    };
    const missing = requests(nobodys);
    for (const [index, request] of requests(foreign).entries()) {
      const theirs = await answerTo(request);
      expect(theirs.status).toBe(404);
      expect(theirs).toEqual(await answerTo(missing[index] ?? ['/']));
    }
    await server.stop();
  });

  it.each(['key_2', 'KEY_3333333333333333', 'key_333333333333333O', 'x'.repeat(2000), '..', 'constructor'])(
    'an id that none looks like: %s',
    async (id) => {
      expect((await http.control(`/v1/keys/${id}`)).status).toBe(404);
      expect((await http.control(`/v1/profiles/${id}/keys`)).status).toBe(404);
    },
  );
});

describe('POST /v1/profiles: 400', () => {
  it.each<[string, object | string]>([
    ['an unknown plan', { name: 'x', plan: 'enterprise' }],
    ['an unknown field', { name: 'x', teamId: 'team_zzzzzzzzzzzzzzzz' }],
    ['a token that is none of ours', { name: 'x', design: { color: 'red' } }],
    ['a token value that ends its declaration', { name: 'x', design: { '--outkit-primary': 'red;}body{' } }],
    ['a token value with a URL scheme', { name: 'x', design: { '--outkit-font': 'url(javascript:alert(1))' } }],
    [
      '65 tokens',
      { name: 'x', design: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`--outkit-t${i}`, '1'])) },
    ],
    ['__proto__ as a token', '{"name":"x","design":{"__proto__":{"admin":true}}}'],
    ['constructor as a token', '{"name":"x","design":{"constructor":"x"}}'],
    ['a design as a list', { name: 'x', design: ['red'] }],
  ])('%s', async (_, body) => {
    const before = (await http.server.profiles.list()).length;
    expect((await http.control('/v1/profiles', body)).status).toBe(400);
    expect((await http.server.profiles.list()).length).toBe(before);
  });
});
