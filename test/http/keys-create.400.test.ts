import { describe, expect, it } from 'vitest';
import { NO_JSON_OBJECT } from './malformed-json.ts';
import { headerOf, type RawAnswer } from './raw-http.ts';
import { codeOf, ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();

const create = (body: object | string) => http.control(`/v1/profiles/${http.server.profileId}/keys`, body);

async function countKeys(): Promise<number> {
  const { profileId } = http.server;
  return (await http.server.keys.list({ profileId, includeEnded: true, cursor: null, limit: 100 })).data.length;
}

async function expectRefused(body: object | string, detail: RegExp = /./): Promise<RawAnswer> {
  const before = await countKeys();
  const answer = await create(body);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  const problem = JSON.parse(answer.body) as Record<string, unknown>;
  expect(Object.keys(problem)).toEqual(['type', 'title', 'status', 'detail', 'code', 'hint']);
  expect(problem['detail']).toMatch(detail);
  expect(headerOf(answer, 'content-type')).toMatch(/^application\/problem\+json/);
  expect(await countKeys()).toBe(before);
  return answer;
}

describe('a body that is no JSON object in UTF-8: 400, nothing is made, nothing repeated', () => {
  it.each(NO_JSON_OBJECT.filter(([, body]) => body.length <= 65_536))('%s', async (_, body) => {
    const answer = await expectRefused(body, /^The body /);
    expect(answer.body).not.toMatch(/admin|proto|content|density/);
  });
});

describe('the schema is closed', () => {
  const FIELDS = [
    'id',
    'teamId',
    'profileId',
    'profile',
    'revokedAt',
    'createdAt',
    'createdBy',
    'role',
    'usage',
    'ownerId',
    'userId',
    'status',
    'secrets',
    'key',
    'plaintext',
    'toString',
    'hasOwnProperty',
    'Name',
    'expires_at',
    '$where',
    '',
  ];
  it.each(FIELDS)('unknown field %j', async (field) => {
    const answer = await expectRefused({ name: 'ok', [field]: 'attacker-value' }, /^unknown field /);
    expect(answer.body).not.toContain('attacker-value');
  });
});

describe('name: 1 to 64 characters that read as they are stored', () => {
  it.each<[string, unknown]>([
    ['missing', undefined],
    ['null', null],
    ['a number', 1],
    ['a list', ['a']],
    ['an object', { toString: 'x' }],
    ['empty', ''],
    ['spaces', '   '],
    ['65 characters', 'a'.repeat(65)],
    ['65 characters outside the first plane', '😀'.repeat(65)],
    ['60 KB', 'a'.repeat(60_000)],
    ['right-to-left override', 'a\u202eb'],
    ['isolates', '\u2066a\u2069'],
    ['zero-width space', 'a\u200bb'],
    ['byte order mark', '\ufeffa'],
    ['word joiner', 'a\u2060b'],
    ['a lone high surrogate', 'a\ud800'],
    ['a lone low surrogate', '\udc00a'],
    ['NUL', 'a\0b'],
    ['escape', '\x1b[2J'],
    ['a line end', 'a\nb'],
    ['a carriage return', 'a\rb'],
    ['C1', 'a\x9b2J'],
    ['a line separator', 'a\u2028b'],
  ])('%s', async (_, name) => {
    const answer = await expectRefused({ name }, /^name: /);
    expect(answer.body.length).toBeLessThan(400);
  });
});

describe('rateLimitPerMinute: a whole number from 1 to 1000000000', () => {
  it.each([
    '-1',
    '0',
    '-0',
    '1.5',
    '1e400',
    '-1e400',
    '9007199254740993',
    '1000000001',
    '"100"',
    '"0x10"',
    'true',
    '[5]',
    '{}',
    '""',
    '1e-7',
  ])('%s', async (json) => {
    await expectRefused(`{"name":"ok","rateLimitPerMinute":${json}}`, /^rateLimitPerMinute: /);
  });

  it.each(['NaN', '0x10', '+1', '01', '.5', 'Infinity', '1_000'])('%s is no JSON', async (json) => {
    await expectRefused(`{"name":"ok","rateLimitPerMinute":${json}}`, /^The body is not valid JSON/);
  });
});

describe('expiresAt: RFC 3339 in UTC, ahead', () => {
  it.each([
    '2026-01-31T11:59:59Z',
    '2026-01-31T12:00:00.000Z',
    '99999-01-01T00:00:00Z',
    '+099999-01-01T00:00:00Z',
    '2027-02-30T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '2027-13-01T00:00:00Z',
    '2027-01-31T24:00:00Z',
    '2027-01-31T23:59:60Z',
    '2027-01-31T00:00:00',
    '2027-01-31T00:00:00+00:00',
    '2027-01-31T00:00:00z',
    '2027-01-31 00:00:00Z',
    '2027-01-31',
    '2027-01-31T00:00Z',
    '2027-01-31T00:00:00.1234Z',
    ' 2027-01-31T00:00:00Z',
    '2027-01-31T00:00:00Z\n',
    '1800000000000',
    'tomorrow',
    '',
  ])('%j', async (expiresAt) => {
    await expectRefused({ name: 'ok', expiresAt }, /^expiresAt/);
  });
  it.each(['1800000000000', 'true', '[]', '{}'])('%s', async (json) => {
    await expectRefused(`{"name":"ok","expiresAt":${json}}`, /^expiresAt: /);
  });
});

describe('environment, hash and start', () => {
  const hash = 'a'.repeat(64);
  it.each<[string, object]>([
    ['an unknown environment', { environment: 'prod' }],
    ['an environment in upper case', { environment: 'PRODUCTION' }],
    ['no environment', { environment: null }],
    ['a name of prototypes as environment', { environment: 'constructor' }],
    ['hash without start', { hash }],
    ['start without hash', { start: 'okd_Abcd' }],
    ['hash in upper case', { hash: hash.toUpperCase(), start: 'okd_Abcd' }],
    ['hash too short', { hash: hash.slice(1), start: 'okd_Abcd' }],
    ['hash too long', { hash: `${hash}a`, start: 'okd_Abcd' }],
    ['hash with a line end', { hash: `${hash}\n`, start: 'okd_Abcd' }],
    ['start too long', { hash, start: 'okd_Abcde' }],
    ['start with another prefix', { hash, start: 'okx_Abcd' }],
    ['start with a strange letter', { hash, start: 'okd_Ab-d' }],
    ['start of another environment', { hash, start: 'okp_Abcd' }],
  ])('%s', async (_, fields) => {
    await expectRefused({ name: 'ok', ...fields });
  });

  it('a whole key as start or hash is refused, and not repeated', async () => {
    const plaintext = http.mint();
    for (const fields of [
      { hash, start: plaintext },
      { hash: plaintext, start: 'okd_Abcd' },
    ]) {
      expect((await expectRefused({ name: 'ok', ...fields })).body).not.toContain(plaintext.slice(8));
    }
  });
});
