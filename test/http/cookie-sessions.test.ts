import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountsServer, type TestPerson } from '../accounts-server.ts';

let server: AccountsServer;
let owner: TestPerson;
let teamId: string;

beforeAll(async () => {
  server = await AccountsServer.start();
  owner = await server.owner();
  teamId = (await server.as(owner).teams.list())[0]?.id ?? '';
});
afterAll(async () => {
  await server.stop();
});

/** A request as a browser sends it that has the cookie. */
function send(method: 'GET' | 'POST', path: string, headers: Readonly<Record<string, string>>, body?: string) {
  return fetch(new URL(path, server.url), {
    method,
    headers: { cookie: `outkit=${owner.credential}`, ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };
const rename = (headers: Readonly<Record<string, string>>, body = '{"name":"Changed"}') =>
  send('POST', `/v1/teams/${teamId}/rename`, headers, body);
const teamName = async () => (await server.as(owner).teams.list())[0]?.name;

describe('the cookie of a session', () => {
  it('opens the control API to pages of this server, for reading and for JSON', async () => {
    expect((await send('GET', '/v1/me', { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await send('GET', '/v1/me', {})).status).toBe(200);
    expect((await rename({ ...JSON_TYPE, origin: server.url }, '{"name":"Engines"}')).status).toBe(200);
    expect((await rename({ ...JSON_TYPE, 'sec-fetch-site': 'same-origin' }, '{"name":"Engines"}')).status).toBe(200);
  });

  it.each([
    ['another origin', { ...JSON_TYPE, origin: 'https://evil.example' }, 403],
    ['the origin null', { ...JSON_TYPE, origin: 'null' }, 403],
    ['another port of this machine', { ...JSON_TYPE, origin: 'http://127.0.0.1:1' }, 403],
    ['another site, as the browser says', { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbour of the same site', { ...JSON_TYPE, 'sec-fetch-site': 'same-site' }, 403],
    ['nowhere', JSON_TYPE, 403],
    ['a form here', { 'content-type': 'application/x-www-form-urlencoded', origin: 'SELF' }, 415],
    ['plain text here', { 'content-type': 'text/plain', origin: 'SELF' }, 415],
  ])('changes nothing when the request comes from %s', async (_, headers, status) => {
    const own = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('SELF', server.url)]),
    );
    const before = await teamName();
    expect((await rename(own)).status).toBe(status);
    expect(await teamName()).toBe(before);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
  ])('shows nothing to %s', async (_, headers) => {
    const answer = await send('GET', '/v1/me', headers);
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    expect(await answer.text()).not.toContain('olga');
  });

  it('twice is as good as none, and beside a token of somebody else the token counts', async () => {
    const twice = `outkit=${owner.credential}; outkit=${owner.credential}`;
    expect((await send('GET', '/v1/me', { cookie: twice })).status).toBe(401);
    expect((await send('GET', '/v1/me', { authorization: 'Bearer okt_wrong' })).status).toBe(401);
  });

  it('opens no renderer', async () => {
    expect((await send('GET', '/components', {})).status).toBe(401);
  });
});

describe('what a request says of itself beyond its schema is refused, and changes nothing', () => {
  const asOwner = () => ({ ...JSON_TYPE, origin: server.url });
  it.each([
    ['the role of the caller', 'POST', '/v1/teams', '{"name":"Mine","role":"owner"}'],
    ['an owner', 'POST', '/v1/teams', '{"name":"Mine","ownerId":"person_2222222222222222"}'],
    ['another team', 'POST', 'invitations', '{"email":"x@example.com","teamId":"team_2222222222222222"}'],
    ['when it was accepted', 'POST', 'invitations', '{"email":"x@example.com","acceptedAt":1}'],
    ['a token', 'POST', 'invitations', '{"email":"x@example.com","tokenHash":"00"}'],
    ['a role that there is not', 'POST', 'invitations', '{"email":"x@example.com","role":"root"}'],
    ['several roles', 'POST', 'invitations', '{"email":"x@example.com","role":["admin"]}'],
    ['an address that is none', 'POST', 'invitations', '{"email":"x@example.com\\nBcc: y@example.com"}'],
    ['a key for an address', 'POST', 'invitations', `{"email":"okd_${'A'.repeat(38)}@example.com"}`],
    ['a member twice', 'POST', 'invitations', '{"email":"x@example.com","email":"y@example.com"}'],
    ['a prototype', 'POST', 'invitations', '{"email":"x@example.com","__proto__":{"role":"owner"}}'],
  ] as const)('%s', async (_, method, path, body) => {
    const target = path.startsWith('/') ? path : `/v1/teams/${teamId}/${path}`;
    const answer = await send(method, target, asOwner(), body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toMatch(/example\.com|root|Mine/);
    expect(await server.as(owner).people.listInvitations(teamId)).toEqual([]);
    expect(await server.as(owner).teams.list()).toHaveLength(1);
  });

  it.each([
    'team_2222222222222222',
    'TEAM_2222222222222222',
    'team_22222222222222221',
    'team_',
    'null',
    'undefined',
    '1',
  ])('an id that is not one of the caller’s: %s', async (id) => {
    expect((await send('GET', `/v1/teams/${id}/people`, {})).status).toBe(404);
  });
});
