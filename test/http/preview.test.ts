import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_PREVIEW_BYTES, PREVIEWS_PER_MINUTE } from '../../src/core/preview-service.ts';
import { ALL_EVENTS } from '../../src/core/render-event.ts';
import { AccountsServer, type TestPerson } from '../accounts-server.ts';
import { mintedKey } from '../minted-key.ts';
import { seededRandom } from '../seeded-random.ts';

const ANSWER = `# Plans

| Plan | Price |
|---|---|
| Free | 0 |
| __proto__ | 20 |

> [!WARNING]
> Save the key.

1. Open it
2. Close it
`;
const fillRandom = seededRandom(31);

let server: AccountsServer;
let owner: TestPerson;
beforeAll(async () => {
  server = await AccountsServer.start();
  owner = await server.owner();
});
afterAll(() => server.stop());

const services = () => server.as(owner);

async function newKey() {
  const design = { '--outkit-primary': 'red' };
  const { id: profileId } = await services().profiles.create({ name: 'Web', plan: 'free', design });
  const { plaintext, secret } = mintedKey(fillRandom);
  const fields = { name: 'ci', environment: 'development', rateLimitPerMinute: 1_000, expiresAt: null } as const;
  const { id } = await services().keys.create({ ...fields, profileId, secret });
  return { id, profileId, plaintext };
}

async function ask(profileId: string, body: object, who = owner) {
  const headers = { authorization: `Bearer ${who.credential}`, 'content-type': 'application/json' };
  const url = `${server.url}/v1/profiles/${profileId}/preview`;
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as { code?: string } };
}

describe('a preview', () => {
  it('is what the renderer answers a key of the profile, byte for byte', async () => {
    const { profileId, plaintext } = await newKey();
    for (const content of ['', 'Hello', ANSWER, `${ANSWER}\n`.repeat(20)]) {
      const rendered = await fetch(`${server.url}/render/enhance?stream=false`, {
        method: 'POST',
        headers: { 'x-outkit-api-key': plaintext, 'content-type': 'application/json' },
        body: JSON.stringify({ content }),
      });
      const previewed = await fetch(`${server.url}/v1/profiles/${profileId}/preview`, {
        method: 'POST',
        headers: { authorization: `Bearer ${owner.credential}`, 'content-type': 'application/json' },
        body: JSON.stringify({ content }),
      });
      expect(await previewed.text()).toBe(await rendered.text());
    }
  });

  it('counts for no key, is in no log, and is kept nowhere', async () => {
    const { id, profileId } = await newKey();
    const canary = 'the-text-of-somebody-41';
    expect((await ask(profileId, { content: canary })).status).toBe(200);
    expect(await services().keys.find(id)).toMatchObject({ lastUsedAt: null });
    const query = { ...ALL_EVENTS, profileId, allProfiles: true, since: null, cursor: null, limit: 100 };
    const { data } = await services().events.list(query);
    expect(data.filter(({ keyId }) => keyId === id)).toEqual([]);
    expect(server.log.join('\n')).not.toContain(canary);
    for (const name of readdirSync(server.dataDirectory)) {
      expect(readFileSync(`${server.dataDirectory}/${name}`, 'latin1')).not.toContain(canary);
    }
  });

  it('takes as many bytes as it says, and refuses one more', async () => {
    const { profileId } = await newKey();
    expect((await ask(profileId, { content: 'x'.repeat(MAX_PREVIEW_BYTES) })).status).toBe(200);
    const tooLong = await ask(profileId, { content: 'x'.repeat(MAX_PREVIEW_BYTES + 1) });
    expect(tooLong).toMatchObject({ status: 400, body: { code: 'bad_request' } });
    const tooWide = await ask(profileId, { content: 'ü'.repeat(MAX_PREVIEW_BYTES / 2 + 1) });
    expect(tooWide).toMatchObject({ status: 413, body: { code: 'input_too_large' } });
    expect((await ask(profileId, { content: 1 })).status).toBe(400);
    expect((await ask(profileId, { content: '', preferences: {} })).status).toBe(400);
  });

  it('of an archived profile is refused, as its keys are', async () => {
    const { profileId } = await newKey();
    await services().profiles.archive(profileId);
    expect(await ask(profileId, { content: '' })).toMatchObject({ status: 409, body: { code: 'profile_archived' } });
  });

  it('is made so many times a minute for one person, over all profiles, and others go on', async () => {
    const { profileId, plaintext } = await newKey();
    const [team] = await services().teams.list();
    const grace = await server.join(owner, team?.id ?? '', 'grace@example.com', 'member');
    const statuses: number[] = [];
    for (let count = 0; count < PREVIEWS_PER_MINUTE; count++) {
      statuses.push((await ask(profileId, { content: '' }, grace)).status);
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
    const over = await ask((await newKey()).profileId, { content: '' }, grace);
    expect([over.status, over.body.code, over.headers.get('retry-after')]).toEqual([429, 'rate_limited', '60']);
    expect((await ask(profileId, { content: '' })).status).toBe(200);
    const headers = { 'x-outkit-api-key': plaintext };
    expect((await fetch(`${server.url}/components`, { headers })).status).toBe(200);
  });
});
