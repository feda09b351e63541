import { describe, expect, it } from 'vitest';
import { LOCAL_TOKEN } from '../local-server.ts';
import { exchange, headerOf, type RawAnswer, rawRequest } from './raw-http.ts';
import { codeOf, type Header, JSON_TYPE, ServerForTests, TOKEN } from './server-for-tests.ts';

const http = new ServerForTests();

/** Every route of the control API; ids are put in where `:` stands. */
const ROUTES: readonly (readonly [method: 'GET' | 'POST', path: string])[] = [
  ['GET', '/v1/profiles'],
  ['POST', '/v1/profiles'],
  ['GET', '/v1/profiles/:profileId'],
  ['POST', '/v1/profiles/:profileId/update'],
  ['POST', '/v1/profiles/:profileId/archive'],
  ['GET', '/v1/profiles/:profileId/keys'],
  ['POST', '/v1/profiles/:profileId/keys'],
  ['GET', '/v1/keys?prefix=key_2222'],
  ['POST', '/v1/keys/find-by-hash'],
  ['GET', '/v1/keys/:keyId'],
  ['GET', '/v1/keys/:keyId/stats'],
  ['POST', '/v1/keys/:keyId/rotate'],
  ['POST', '/v1/keys/:keyId/end-grace'],
  ['POST', '/v1/keys/:keyId/update'],
  ['POST', '/v1/keys/:keyId/extend-grace'],
  ['POST', '/v1/keys/:keyId/cancel-rotation'],
  ['POST', '/v1/keys/:keyId/revoke'],
];

/** Announces a body and waits: whoever wanted it would say 100 first. */
function refused(method: string, target: string, headers: readonly Header[]): Promise<RawAnswer> {
  const expectation: Header[] =
    method === 'POST' ? [JSON_TYPE, ['expect', '100-continue'], ['content-length', '99']] : [];
  return exchange(http.server.url, rawRequest({ method, target, headers: [...expectation, ...headers] }));
}

function expectRefusal(answer: RawAnswer, challenge: string): void {
  expect([answer.status, codeOf(answer)]).toEqual([401, 'unauthenticated']);
  expect(headerOf(answer, 'www-authenticate')).toBe(challenge);
  expect(headerOf(answer, 'content-type')).toMatch(/^application\/problem\+json/);
  expect(headerOf(answer, 'cache-control')).toBe('no-store');
  expect(headerOf(answer, 'x-request-id')).toMatch(/^req_/);
  expect(JSON.stringify(answer)).not.toContain(LOCAL_TOKEN.slice(4));
}

describe('without the token, every route is 401 before the body is read, and nothing changes', () => {
  it.each(ROUTES)('%s %s', async (method, path) => {
    const { id, plaintext } = await http.createKey();
    const target = path.replace(':profileId', http.server.profileId).replace(':keyId', id);
    expectRefusal(await refused(method, target, []), 'Bearer realm="outkit"');
    const answer = await refused(method, target, [['authorization', `Bearer ${plaintext}`]]);
    expectRefusal(answer, 'Bearer realm="outkit", error="invalid_token"');
    expect(answer.body).not.toContain(plaintext.slice(0, 8));
    expect((await http.server.keys.find(id)).status).toBe('active');
  });
});

const SENT = 'Bearer realm="outkit", error="invalid_token"';

describe('what is not the token: 401', () => {
  const bearer = (token: string): Header => ['authorization', `Bearer ${token}`];
  it.each<[string, Header[]]>([
    ['Bearer alone', [['authorization', 'Bearer']]],
    ['no scheme', [['authorization', LOCAL_TOKEN]]],
    ['Basic', [['authorization', `Basic ${LOCAL_TOKEN}`]]],
    ['one character more', [bearer(`${LOCAL_TOKEN}x`)]],
    ['one character less', [bearer(LOCAL_TOKEN.slice(0, -1))]],
    ['another letter case', [bearer(LOCAL_TOKEN.toUpperCase())]],
    ['a high byte', [bearer(`${LOCAL_TOKEN}\xa0`)]],
    ['quotes', [bearer(`"${LOCAL_TOKEN}"`)]],
    ['two in one header', [bearer(`${LOCAL_TOKEN}, Bearer ${LOCAL_TOKEN}`)]],
    ['the same header twice', [TOKEN, TOKEN]],
    ['the right one before a wrong one', [TOKEN, bearer('x')]],
    ['a wrong one before the right one', [bearer('x'), TOKEN]],
    ['an empty one before the right one', [['authorization', ''], TOKEN]],
    ['15 kB', [bearer('x'.repeat(15_000))]],
  ])('%s', async (_, headers) => {
    expectRefusal(await refused('POST', '/v1/profiles', headers), SENT);
  });

  it.each<[string, string, Header[]]>([
    ['the query', `?token=${LOCAL_TOKEN}`, []],
    ['a cookie', '', [['cookie', `token=${LOCAL_TOKEN}; authorization=Bearer ${LOCAL_TOKEN}`]]],
    ['the header of API keys', '', [['x-outkit-api-key', LOCAL_TOKEN]]],
    ['x-authorization', '', [['x-authorization', `Bearer ${LOCAL_TOKEN}`]]],
  ])('the token in %s', async (_, query, headers) => {
    expectRefusal(await refused('GET', `/v1/profiles${query}`, headers), 'Bearer realm="outkit"');
  });
});

describe('the token', () => {
  it('is taken with the scheme in any case, and no page of another origin may read the answer', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const headers: Header[] = [
        ['authorization', `${scheme} ${LOCAL_TOKEN}`],
        ['origin', 'https://evil.example'],
      ];
      const answer = await http.send({ target: '/v1/profiles', headers });
      expect(answer.status).toBe(200);
      expect(answer.headers.filter(([name]) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  it('does not open the renderer', async () => {
    expect((await http.send({ headers: [TOKEN] })).status).toBe(401);
  });

  it('cannot be asked for by a preflight', async () => {
    const answer = await http.send({
      method: 'OPTIONS',
      target: '/v1/profiles',
      headers: [['origin', 'https://evil.example'], ['access-control-request-method', 'POST'], TOKEN],
    });
    expect(answer.status).toBe(405);
    expect(answer.headers.filter(([name]) => name.startsWith('access-control-'))).toEqual([]);
  });
});
