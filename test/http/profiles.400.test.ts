import { beforeAll, describe, expect, it } from 'vitest';
import { NO_JSON_OBJECT } from './malformed-json.ts';
import { headerOf, type RawAnswer } from './raw-http.ts';
import { codeOf, ServerForTests, TOKEN } from './server-for-tests.ts';

const http = new ServerForTests();

let profileId: string;
beforeAll(async () => {
  const design = { '--outkit-primary': '#b30069' };
  profileId = (await http.server.profiles.create({ name: 'Target', plan: 'free', design })).id;
});

const ROUTES: [route: string, path: () => string][] = [
  ['create', () => '/v1/profiles'],
  ['update', () => `/v1/profiles/${profileId}/update`],
];

/** Refused with 400, and no profile is made or changed. */
async function expectRefused(path: string, body: object | string, detail: RegExp = /./): Promise<RawAnswer> {
  const before = await http.server.profiles.list({ includeArchived: true });
  const answer = await http.control(path, body);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  expect(JSON.parse(answer.body).detail).toMatch(detail);
  expect(headerOf(answer, 'content-type')).toMatch(/^application\/problem\+json/);
  expect(await http.server.profiles.list({ includeArchived: true })).toEqual(before);
  return answer;
}

describe.each(ROUTES)('%s of a profile', (_, path) => {
  it.each(NO_JSON_OBJECT.filter(([, body]) => body.length <= 65_536))('refuses %s', async (_what, body) => {
    expect((await expectRefused(path(), body, /^The body /)).body).not.toMatch(/admin|proto|content|density/);
  });

  it.each([
    'id',
    'teamId',
    'createdAt',
    'archivedAt',
    'revokedAt',
    'hash',
    'role',
    'usage',
    'ownerId',
    'userId',
    'keys',
    'maxComponents',
    'rateLimitPerMinute',
    'toString',
    'hasOwnProperty',
    'Name',
    '$where',
    '',
  ])('refuses the unknown field %j and does not repeat its value', async (field) => {
    const answer = await expectRefused(path(), { name: 'ok', [field]: 'attacker-value' }, /^unknown field /);
    expect(answer.body).not.toContain('attacker-value');
  });

  it.each<[string, unknown]>([
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
    ['only joiners', '\u200d\u200d'],
    ['a lone high surrogate', 'a\ud800'],
    ['a lone low surrogate', '\udc00a'],
    ['NUL', 'a\0b'],
    ['escape', '\x1b[2J'],
    ['a line end', 'a\nb'],
    ['C1', 'a\x9b2J'],
  ])('refuses a name that is %s', async (_what, name) => {
    expect((await expectRefused(path(), { name }, /^name: /)).body.length).toBeLessThan(400);
  });

  it.each(['"Pro"', '"enterprise"', '""', '1', 'true', '[]', '["pro"]', '{}', '"constructor"', '"pro "'])(
    'refuses the plan %s',
    async (plan) => {
      await expectRefused(path(), `{"name":"ok","plan":${plan}}`, /^plan: /);
    },
  );

  it.each<[string, string]>([
    ['a list', '[]'],
    ['a text', '"--outkit-a: red"'],
    ['a number', '1'],
    ['another property', '{"color":"red"}'],
    ['a property of somebody else', '{"--other-primary":"red"}'],
    ['an upper-case token', '{"--outkit-Primary":"red"}'],
    ['a token without name', '{"--outkit-":"red"}'],
    ['a token of 49 characters', `{"--outkit-${'a'.repeat(49)}":"red"}`],
    ['a token with a colon', '{"--outkit-a:b":"red"}'],
    ['a number as value', '{"--outkit-a":1}'],
    ['null as value', '{"--outkit-a":null}'],
    ['a list as value', '{"--outkit-a":["red"]}'],
    ['an empty value', '{"--outkit-a":""}'],
    ['a value of 201 characters', `{"--outkit-a":"${'a'.repeat(201)}"}`],
    ['a value that ends its declaration', '{"--outkit-a":"red;background:url(x)"}'],
    ['a value that ends its rule', '{"--outkit-a":"red}body{"}'],
    ['a value that ends the style element', '{"--outkit-a":"</style><script>"}'],
    ['a comment', '{"--outkit-a":"red\\\\"}'],
    ['a line end', '{"--outkit-a":"red\\n"}'],
    ['NUL', '{"--outkit-a":"\\u0000"}'],
    ['direction characters', '{"--outkit-a":"\\u202ered"}'],
    ['a lone surrogate', '{"--outkit-a":"\\ud800"}'],
    ['65 tokens', JSON.stringify(Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`--outkit-${n}`, '1'])))],
  ])('refuses a design that is or holds %s', async (_what, design) => {
    await expectRefused(path(), `{"name":"ok","design":${design}}`, /^design/);
  });

  it('refuses reserved names and a token twice in a design', async () => {
    for (const member of ['"__proto__":"red"', '"constructor":"red"', '"--outkit-a":"1","--outkit-a":"2"']) {
      await expectRefused(path(), `{"name":"ok","design":{${member}}}`, /^The body has a member/);
    }
  });

  it('refuses a key as name and as value, and does not repeat it', async () => {
    const plaintext = http.mint();
    for (const fields of [{ name: `x ${plaintext}` }, { name: 'ok', design: { '--outkit-a': plaintext } }]) {
      expect((await expectRefused(path(), fields)).body).not.toContain(plaintext.slice(8));
    }
  });

  it.each([
    '=cmd()',
    '+1',
    '@x',
    '-2+3',
    '<img onerror=alert(1)>',
    "' OR 1=1--",
    '{{7*7}}',
    '%s%n',
    '$HOME',
    '👩🏽‍💻 開発',
    '\u00e9',
    'constructor',
    'a'.repeat(64),
  ])('keeps the name %j to the letter', async (name) => {
    const answer = await http.control(path(), { name });
    expect(answer.status).toBeLessThan(300);
    const { id } = JSON.parse(answer.body);
    expect((await http.server.profiles.find(id)).name).toBe(name);
  });
});

describe('create', () => {
  it.each([
    ['missing', '{}'],
    ['null', '{"name":null}'],
  ])('refuses a name that is %s', async (_, body) => {
    await expectRefused('/v1/profiles', body, /^name: /);
  });

  it('makes names one that are written in two ways', async () => {
    const answer = await http.control('/v1/profiles', { name: 'e\u0301' });
    expect(JSON.parse(Buffer.from(answer.body, 'latin1').toString()).name).toBe('\u00e9');
  });
});

describe('update', () => {
  it.each<[string, object]>([
    ['set that is no object', { set: [] }],
    ['set with another property', { set: { color: 'red' } }],
    ['set with null', { set: { '--outkit-a': null } }],
    ['unset that is no list', { unset: '--outkit-a' }],
    ['unset with another property', { unset: ['color'] }],
    ['unset with a reserved name', { unset: ['__proto__'] }],
    ['unset of 65 tokens', { unset: Array.from({ length: 65 }, () => '--outkit-a') }],
  ])('refuses %s', async (_, body) => {
    await expectRefused(`/v1/profiles/${profileId}/update`, body, /^(set|unset)/);
  });

  it('of nothing is 200 and changes nothing', async () => {
    const before = await http.server.profiles.find(profileId);
    for (const body of [{}, { name: null, plan: null, design: null, set: {}, unset: [] }]) {
      expect((await http.control(`/v1/profiles/${profileId}/update`, body)).status).toBe(200);
    }
    expect(await http.server.profiles.find(profileId)).toEqual(before);
  });
});

describe('archive and list', () => {
  it('take no fields and no other query', async () => {
    await expectRefused(`/v1/profiles/${profileId}/archive`, { force: true }, /^unknown field/);
    for (const query of ['include=revoked', 'include=', 'include=archived&include=archived', 'limit=1', 'id=x']) {
      expect((await http.control(`/v1/profiles?${query}`)).status).toBe(400);
    }
    expect((await http.control(`/v1/profiles/${profileId}/archive?force=1`, {})).status).toBe(400);
    expect((await http.server.profiles.find(profileId)).archivedAt).toBeNull();
  });
});

describe('an id that is none, is foreign in spelling or belongs to nobody: 404', () => {
  it.each([
    'prof_zzzzzzzzzzzzzzzz',
    'PROF_2222222222222222',
    'prof_222222222222222',
    'prof_22222222222222222',
    'prof_222222222222222O',
    'key_2222222222222222',
    'constructor',
    '__proto__',
    'x'.repeat(500),
  ])('%s', async (id) => {
    for (const [target, body] of [
      [`/v1/profiles/${id}`, undefined],
      [`/v1/profiles/${id}/update`, { name: 'mine' }],
      [`/v1/profiles/${id}/archive`, {}],
      [`/v1/profiles/${id}/keys`, { name: 'mine' }],
    ] as const) {
      const answer = await http.control(target, body);
      expect([answer.status, codeOf(answer)]).toEqual([404, 'not_found']);
    }
  });
});

it('a body that is no JSON by its type is 415', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const headers = [TOKEN, ['content-type', type] as const];
    const answer = await http.send({ method: 'POST', target: '/v1/profiles', headers, body: '{"name":"x"}' });
    expect(answer.status).toBe(415);
  }
});
