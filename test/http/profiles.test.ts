import { describe, expect, it } from 'vitest';
import type { CreateKey } from '../../src/core/key-service.ts';
import type { ProfileChange } from '../../src/core/profile-change.ts';
import type { ProfileSummary } from '../../src/core/profile-service.ts';
import { headerOf, type RawAnswer, RawConnection, rawRequest } from './raw-http.ts';
import { codeOf, JSON_TYPE, keyHeader, ServerForTests, type TestKey, TOKEN } from './server-for-tests.ts';

const http = new ServerForTests();

const NOTHING: ProfileChange = { name: null, plan: null, design: null, set: {}, unset: [] };
const update = (id: string, change: Partial<ProfileChange>) =>
  http.server.profiles.update(id, { ...NOTHING, ...change });

async function newProfile(fields: Partial<ProfileSummary> = {}) {
  const profile = await http.server.profiles.create({ name: 'Web', plan: 'free', design: {}, ...fields });
  const newKey = (more: Partial<CreateKey> = {}) =>
    http.createKey({ profileId: profile.id, rateLimitPerMinute: null, ...more });
  return { ...profile, newKey };
}

function bodyOf({ body }: RawAnswer): Record<string, unknown> {
  return JSON.parse(body);
}

describe('a change of plan', () => {
  it('is in the very next answer: limit, headers and number of components', async () => {
    const { id, newKey } = await newProfile();
    const key = await newKey();
    const content = Array.from({ length: 9 }, (_, index) => `> [!NOTE]\n> ${index}\n`).join('\ntext\n\n');
    const alerts = async () => {
      const answer = await http.enhance([keyHeader(key.plaintext)], { content }, '?stream=false');
      const blocks = bodyOf(answer)['blocks'] as { component: string }[];
      const components = blocks.filter(({ component }) => component === 'alert').length;
      return [headerOf(answer, 'ratelimit-policy'), components];
    };
    expect(await alerts()).toEqual(['"key";q=10;w=60', 5]);
    await update(id, { plan: 'pro' });
    expect(await alerts()).toEqual(['"key";q=100;w=60', 8]);
    await update(id, { plan: 'free' });
    expect(await alerts()).toEqual(['"key";q=10;w=60', 5]);
  });

  it('lifts a 429 at once, and what was spent in the minute stays spent', async () => {
    const { id, newKey } = await newProfile();
    const { plaintext } = await newKey();
    const ask = () => http.send({ headers: [keyHeader(plaintext)] });
    for (let request = 0; request < 10; request++) expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(429);
    await update(id, { plan: 'pro' });
    const answer = await ask();
    expect([answer.status, headerOf(answer, 'ratelimit')]).toEqual([200, '"key";r=89;t=60']);
  });
});

describe('a change of design', () => {
  it('is in the very next answer, as JSON and as a stream, on a connection that stays open', async () => {
    const { id, newKey } = await newProfile({ design: { '--outkit-primary': 'red' } });
    const { plaintext } = await newKey();
    const connection = await RawConnection.open(http.server.url);
    const design = async (query: string) => {
      const headers = [keyHeader(plaintext), JSON_TYPE];
      const body = '{"content":"x"}';
      connection.send(rawRequest({ method: 'POST', target: `/render/enhance${query}`, headers, body }));
      const answer = await connection.answer();
      const [meta = ''] = answer.body.split('\n');
      return JSON.parse(query === '' ? meta.replace(/^data: /, '') : answer.body).design;
    };
    for (const query of ['', '?stream=false']) {
      await update(id, { design: { '--outkit-primary': 'red' } });
      expect(await design(query)).toEqual({ '--outkit-primary': 'red' });
      await update(id, { set: { '--outkit-primary': 'blue', '--outkit-radius': '0' } });
      expect(await design(query)).toEqual({ '--outkit-primary': 'blue', '--outkit-radius': '0' });
    }
    connection.close();
  });
});

describe('archive', () => {
  it('is 401 with a challenge and its own code, told to the holder of the whole key only', async () => {
    const { id, newKey } = await newProfile();
    const { plaintext } = await newKey();
    await http.server.profiles.archive(id);
    const answer = await http.send({ headers: [keyHeader(plaintext)] });
    expect(answer.status).toBe(401);
    expect(bodyOf(answer)).toEqual({
      error: 'Unauthorized',
      detail: 'The profile of this API key was archived',
      code: 'key_archived',
    });
    expect(headerOf(answer, 'www-authenticate')).toBe('Bearer realm="outkit", error="invalid_token"');
    const guessed = `${plaintext.slice(0, -1)}${plaintext.endsWith('0') ? '1' : '0'}`;
    expect(codeOf(await http.send({ headers: [keyHeader(guessed)] }))).toBe('key_malformed');
  });

  it('is in force for the next request of a connection that is open, and for what was sent behind it', async () => {
    const { id, newKey } = await newProfile();
    const { plaintext } = await newKey();
    const connection = await RawConnection.open(http.server.url);
    connection.send(rawRequest({ headers: [keyHeader(plaintext)] }));
    expect((await connection.answer()).status).toBe(200);
    connection.send(rawRequest({ method: 'POST', target: `/v1/profiles/${id}/archive`, headers: [TOKEN] }));
    expect((await connection.answer()).status).toBe(200);
    for (let sent = 0; sent < 3; sent++) connection.send(rawRequest({ headers: [keyHeader(plaintext)] }));
    for (let read = 0; read < 3; read++) expect(codeOf(await connection.answer())).toBe('key_archived');
    connection.close();
  });

  it('admits nothing that was invoked after it returned, while 16 connections hammer all keys of the profile', async () => {
    const { id, newKey } = await newProfile();
    const keys: TestKey[] = [];
    for (let index = 0; index < 4; index++) keys.push(await newKey({ rateLimitPerMinute: 1_000_000 }));
    let returned = Number.POSITIVE_INFINITY;
    const seen = { acceptedBefore: 0, acceptedAfter: 0, refused: 0 };
    const hammer = async (secret: string) => {
      const connection = await RawConnection.open(http.server.url);
      for (let left = 20; left > 0; ) {
        const invoked = performance.now();
        connection.send(rawRequest({ headers: [keyHeader(secret)] }));
        const { status } = await connection.answer();
        if (status !== 200) seen.refused += 1;
        else if (invoked > returned) seen.acceptedAfter += 1;
        else seen.acceptedBefore += 1;
        if (status !== 200) left -= 1;
      }
      connection.close();
    };
    const hammers = Array.from({ length: 16 }, (_, index) => hammer(keys[index % 4]?.plaintext ?? ''));
    while (seen.acceptedBefore < 1000) await new Promise(setImmediate);
    await http.server.profiles.archive(id);
    returned = performance.now();
    await Promise.all(hammers);
    expect(seen).toMatchObject({ acceptedAfter: 0, refused: 16 * 20 });
  });

  it('lets a request finish that was admitted before', async () => {
    const { id, newKey } = await newProfile();
    const { plaintext } = await newKey();
    const body = '{"content":"admitted before"}';
    const connection = await RawConnection.open(http.server.url);
    const waiting = [['content-length', String(body.length)] as const, ['expect', '100-continue'] as const];
    const headers = [keyHeader(plaintext), JSON_TYPE, ...waiting];
    connection.send(rawRequest({ method: 'POST', target: '/render/enhance?stream=false', headers }));
    expect((await connection.answer()).status).toBe(100);
    await http.server.profiles.archive(id);
    connection.send(body);
    expect((await connection.answer()).status).toBe(200);
    connection.close();
  });

  it('stays, with every other change, when the server starts again', async () => {
    const archived = await newProfile();
    const key = await archived.newKey();
    await http.server.profiles.archive(archived.id);
    const changed = await newProfile();
    const other = await changed.newKey();
    await update(changed.id, { name: 'Shop', plan: 'pro', design: { '--outkit-primary': 'red' } });
    await http.server.restart();
    expect(codeOf(await http.send({ headers: [keyHeader(key.plaintext)] }))).toBe('key_archived');
    const answer = await http.send({ headers: [keyHeader(other.plaintext)] });
    expect(headerOf(answer, 'ratelimit-policy')).toBe('"key";q=100;w=60');
    expect(await http.server.profiles.find(changed.id)).toMatchObject({ name: 'Shop', plan: 'pro' });
  });
});

describe('the answers', () => {
  it('are 200 with what changed, the same again, 409 once archived, and never stored', async () => {
    const { id } = await newProfile();
    const path = `/v1/profiles/${id}`;
    const updated = await http.control(`${path}/update`, { plan: 'pro' });
    expect(updated.status).toBe(200);
    const gateways = { confirmed: 1, waitedOut: 0, ms: expect.any(Number), unconfirmed: [] };
    expect(bodyOf(updated)).toMatchObject({ id, name: 'Web', plan: 'pro', archivedAt: null, gateways });
    const archived = await http.control(`${path}/archive`, {});
    expect([archived.status, headerOf(archived, 'cache-control')]).toEqual([200, 'no-store']);
    expect(bodyOf(archived)).toEqual({ id, archivedAt: expect.stringMatching(/Z$/), gateways });
    expect(bodyOf(await http.control(`${path}/archive`, {}))['archivedAt']).toBe(bodyOf(archived)['archivedAt']);
    for (const [target, body] of [
      [`${path}/update`, { plan: 'free' }],
      [`${path}/keys`, { name: 'late' }],
    ] as const) {
      const refused = await http.control(target, body);
      expect([refused.status, codeOf(refused)]).toEqual([409, 'profile_archived']);
    }
    expect(bodyOf(await http.control(path))).toMatchObject({ plan: 'pro' });
  });

  it('list archived profiles with include=archived only', async () => {
    const { id } = await newProfile();
    await http.server.profiles.archive(id);
    const idsAt = async (target: string) =>
      (bodyOf(await http.control(target))['data'] as { id: string }[]).map((profile) => profile.id);
    expect(await idsAt('/v1/profiles')).not.toContain(id);
    expect(await idsAt('/v1/profiles?include=archived')).toContain(id);
  });

  it.each(['PATCH', 'PUT', 'DELETE'])('a profile cannot be deleted or replaced: %s is 405', async (method) => {
    const { id } = await newProfile();
    const answer = await http.send({ method, target: `/v1/profiles/${id}`, headers: [TOKEN] });
    expect([answer.status, headerOf(answer, 'allow')]).toEqual([405, 'GET, HEAD']);
  });
});
