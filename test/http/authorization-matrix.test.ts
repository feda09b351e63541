import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountsServer, type TestPerson } from '../accounts-server.ts';

/** Who asks: nobody, somebody of another team, and the three roles in the team that the route is about. */
const CALLERS = ['nobody', 'foreign', 'member', 'admin', 'owner'] as const;
type Caller = (typeof CALLERS)[number];
type Statuses = Readonly<Record<Caller, number>>;

/** What everybody of the team may, what takes an admin, and what takes an owner: a foreign id is a missing one. */
const reads = (ok = 200): Statuses => ({ nobody: 401, foreign: 404, member: ok, admin: ok, owner: ok });
const manages = (ok = 200): Statuses => ({ ...reads(ok), member: 403 });
const owns = (ok = 200): Statuses => ({ ...manages(ok), admin: 403 });
/** Of one's own account. */
const own: Statuses = { nobody: 401, foreign: 200, member: 200, admin: 200, owner: 200 };
/** Not for sessions: a key opens it, or nothing is needed. */
const keyed: Statuses = { nobody: 401, foreign: 401, member: 401, admin: 401, owner: 401 };
const open: Statuses = { nobody: 200, foreign: 200, member: 200, admin: 200, owner: 200 };

interface Row {
  readonly statuses: Statuses;
  /** Ids of the team's own things take the place of `{…}` in the path. */
  readonly body?: (about: typeof ids) => object;
  readonly query?: (about: typeof ids) => string;
}

const TABLE: Readonly<Record<string, Row>> = {
  'GET /healthz': { statuses: open },
  'GET /readyz': { statuses: open },
  'GET /metrics': { statuses: open },
  'GET /openapi.json': { statuses: open },
  'GET /components': { statuses: keyed },
  'POST /render/enhance': { statuses: keyed, body: () => ({ content: 'Hello' }) },
  'POST /api/auth/device/code': {
    statuses: { nobody: 415, foreign: 415, member: 415, admin: 415, owner: 415 },
    body: () => ({}),
  },
  'POST /api/auth/device/token': {
    statuses: { nobody: 415, foreign: 415, member: 415, admin: 415, owner: 415 },
    body: () => ({}),
  },
  'GET /v1/me': { statuses: own },
  'GET /v1/me/sessions': { statuses: own },
  // Each ends a session of its own: the caller's, which the test makes anew.
  'POST /v1/me/sign-out': { statuses: own, body: () => ({}) },
  'POST /v1/me/sessions/end-others': { statuses: own, body: () => ({}) },
  'POST /v1/me/sessions/{sessionId}/end': {
    statuses: { nobody: 401, foreign: 404, member: 404, admin: 404, owner: 200 },
    body: () => ({}),
  },
  'GET /v1/teams': { statuses: own },
  'POST /v1/teams': {
    // Whoever owns a team may make another one, and `foreign` owns one.
    statuses: { nobody: 401, foreign: 201, member: 403, admin: 403, owner: 201 },
    body: () => ({ name: 'Another' }),
  },
  'POST /v1/teams/{teamId}/rename': { statuses: owns(), body: () => ({ name: 'Engines' }) },
  'GET /v1/teams/{teamId}/people': { statuses: reads() },
  'POST /v1/teams/{teamId}/people/{personId}/role': { statuses: manages(), body: () => ({ role: 'member' }) },
  'POST /v1/teams/{teamId}/people/{personId}/remove': { statuses: manages(), body: () => ({}) },
  'GET /v1/teams/{teamId}/invitations': { statuses: manages() },
  'POST /v1/teams/{teamId}/invitations': { statuses: manages(201), body: () => ({ email: 'new@example.com' }) },
  'POST /v1/teams/{teamId}/invitations/{invitationId}/revoke': { statuses: manages(), body: () => ({}) },
  'GET /v1/profiles': { statuses: reads(), query: ({ teamId }) => `team=${teamId}` },
  'POST /v1/profiles': {
    statuses: manages(201),
    query: ({ teamId }) => `team=${teamId}`,
    body: () => ({ name: 'Web' }),
  },
  'GET /v1/profiles/{profileId}': { statuses: reads() },
  'POST /v1/profiles/{profileId}/update': { statuses: manages(), body: () => ({ plan: 'pro' }) },
  'POST /v1/profiles/{profileId}/preview': { statuses: reads(), body: () => ({ content: '# Hello' }) },
  'POST /v1/profiles/{profileId}/archive': { statuses: manages(), body: () => ({}) },
  'POST /v1/profiles/{profileId}/keys': { statuses: manages(201), body: () => ({ name: 'key' }) },
  'GET /v1/profiles/{profileId}/keys': { statuses: reads() },
  'GET /v1/profiles/{profileId}/keys/activity': { statuses: reads() },
  // A search finds what the caller may see, and nothing is no mistake.
  'GET /v1/keys': { statuses: own, query: ({ keyId }) => `prefix=${keyId.slice(0, 8)}` },
  'POST /v1/keys/find-by-hash': { statuses: reads(), body: ({ hash }) => ({ hash }) },
  'GET /v1/profiles/{profileId}/events': { statuses: reads() },
  'GET /v1/profiles/{profileId}/events/stream': { statuses: reads() },
  'GET /v1/keys/{keyId}': { statuses: reads() },
  'GET /v1/keys/{keyId}/stats': { statuses: reads() },
  'POST /v1/keys/{keyId}/update': { statuses: manages(), body: () => ({ rateLimitPerMinute: 7 }) },
  'POST /v1/keys/{keyId}/rotate': { statuses: manages(), body: () => ({}) },
  'POST /v1/keys/{keyId}/end-grace': { statuses: manages(), body: () => ({}) },
  'POST /v1/keys/{keyId}/extend-grace': { statuses: manages(), body: () => ({ byMs: 60_000 }) },
  'POST /v1/keys/{keyId}/cancel-rotation': { statuses: manages(), body: () => ({}) },
  'POST /v1/keys/{keyId}/revoke': { statuses: manages(), body: () => ({}) },
  // Gateways belong to no team: whoever owns one may, and is told here that there is but this gateway.
  'GET /v1/gateways': { statuses: own },
  'GET /v1/gateways/barriers': { statuses: own },
  'POST /v1/gateways/{gatewayId}/evict': {
    statuses: { nobody: 401, foreign: 400, member: 403, admin: 403, owner: 400 },
    body: () => ({}),
  },
  'GET /v1/audit': { statuses: manages(), query: ({ teamId }) => `team=${teamId}` },
  'GET /v1/audit/chain': { statuses: manages(), query: ({ teamId }) => `team=${teamId}` },
};

/** Ids that nothing has. */
const MISSING = {
  teamId: 'team_zzzzzzzzzzzzzzzz',
  profileId: 'prof_zzzzzzzzzzzzzzzz',
  keyId: 'key_zzzzzzzzzzzzzzzz',
  hash: 'e'.repeat(64),
  personId: 'person_zzzzzzzzzzzzzzzz',
  invitationId: 'inv_zzzzzzzzzzzzzzzz',
  sessionId: 'session_zzzzzzzzzzzzzzzz',
  gatewayId: 'f'.repeat(32),
};

let server: AccountsServer;
let people: Readonly<Record<Exclude<Caller, 'nobody'>, TestPerson>>;
/** Made anew for each request, in the team that the routes are about. */
let ids = MISSING;
let routes: readonly string[];
let count = 0;

beforeAll(async () => {
  server = await AccountsServer.start();
  const owner = await server.owner();
  const teamId = (await server.as(owner).teams.list())[0]?.id ?? '';
  const other = await server.as(owner).teams.create('Other');
  const admin = await server.join(owner, teamId, 'admin@example.com', 'admin');
  const member = await server.join(owner, teamId, 'member@example.com', 'member');
  const foreign = await server.join(owner, other.id, 'foreign@example.com', 'owner');
  people = { owner, admin, member, foreign };
  const [gateway] = await server.as(owner).gateways.list();
  ids = { ...ids, teamId, gatewayId: gateway?.id ?? '' };
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: Record<string, object> };
  routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
});
afterAll(async () => {
  await server.stop();
});

function nextNumber(): number {
  count += 1;
  return count;
}

/** A new profile with a key in a grace window, so that no request finds what one before it left. */
async function renewKey(): Promise<void> {
  const profile = await server.as(people.owner).profiles.create({ name: 'P', plan: 'free', design: {} }, ids.teamId);
  const hash = nextNumber().toString(16).padStart(64, '0');
  const minted = { name: 'key', hash, start: 'okd_aaaa' };
  const keyId = JSON.parse((await send('owner', 'POST', `/v1/profiles/${profile.id}/keys`, minted)).body).id;
  ids = { ...ids, profileId: profile.id, keyId, hash };
  await send('owner', 'POST', `/v1/keys/${keyId}/rotate`, { hash: hash.replace('0', 'f'), start: 'okd_bbbb' });
}

/** What the path needs, made anew. */
async function renew(route: string, caller: Caller): Promise<void> {
  const asOwner = server.as(people.owner);
  if (route.includes('rofile') || route.includes('key')) await renewKey();
  if (route.endsWith('/rotate')) await send('owner', 'POST', `/v1/keys/${ids.keyId}/end-grace`, {});
  if (route.includes('{personId}')) {
    const guest = await server.join(people.owner, ids.teamId, `guest-${nextNumber()}@example.com`, 'member');
    ids = { ...ids, personId: (await server.as(guest).me.me()).person?.id ?? '' };
  }
  if (route.includes('{invitationId}')) {
    const invitation = await asOwner.people.invite(ids.teamId, `invited-${nextNumber()}@example.com`, 'member');
    ids = { ...ids, invitationId: invitation.id };
  }
  if (route.includes('{sessionId}')) {
    const elsewhere = await server.signIn(people.owner.email);
    ids = { ...ids, sessionId: (await server.as(elsewhere).me.me()).session?.id ?? '' };
  }
  // These end sessions of the caller, which takes another one for what comes after.
  if (/sign-out|end-others/.test(route) && caller !== 'nobody') {
    people = { ...people, [caller]: await server.signIn(people[caller].email) };
  }
}

async function send(caller: Caller, method: string, path: string, body?: object) {
  const headers: Record<string, string> = {};
  if (caller !== 'nobody') headers['authorization'] = `Bearer ${people[caller].credential}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const answer = await fetch(new URL(path, server.url), {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // A live log has no end: that it was let in is all there is to see.
  if (answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    await answer.body?.cancel();
    return { status: answer.status, body: '' };
  }
  return { status: answer.status, body: await answer.text() };
}

/** Sends the request of a row about these things. */
function request(route: string, { body, query }: Row, caller: Caller, about: typeof ids) {
  const [method = '', template = ''] = route.split(' ');
  const path = template.replace(/\{(\w+)\}/g, (_, name: keyof typeof ids) => about[name]);
  return send(caller, method, query === undefined ? path : `${path}?${query(about)}`, body?.(about));
}

describe('who may do what', () => {
  it('is said here for every route of the OpenAPI document, and for no other', () => {
    expect(Object.keys(TABLE).sort()).toEqual([...routes].sort());
  });

  describe.each(Object.entries(TABLE))('%s', (route, row) => {
    it.each(CALLERS)('answers %s as the table has it', async (caller) => {
      if (caller !== 'nobody') await renew(route, caller);
      const { status, body } = await request(route, row, caller, ids);
      expect(status, body).toBe(row.statuses[caller]);
      if (status !== 404) return;
      // A foreign thing and a missing one: byte for byte the same.
      expect(body).toBe((await request(route, row, caller, MISSING)).body);
    });
  });
});
