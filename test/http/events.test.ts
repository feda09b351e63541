import { describe, expect, it } from 'vitest';
import type { ListEvents } from '../../src/core/event-service.ts';
import { ALL_EVENTS, type StoredEvent } from '../../src/core/render-event.ts';
import { headerOf } from './raw-http.ts';
import { codeOf, keyHeader, ServerForTests, type TestKey } from './server-for-tests.ts';

const http = new ServerForTests();

function wanted(fields: Partial<ListEvents> = {}): ListEvents {
  const { profileId } = http.server;
  return { ...ALL_EVENTS, profileId, allProfiles: false, since: null, cursor: null, limit: 100, ...fields };
}

/** All events of a key, newest first. */
async function eventsOf({ id: keyId }: TestKey): Promise<StoredEvent[]> {
  const found: StoredEvent[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = await http.server.events.list(wanted({ keyId, cursor }));
    found.push(...page.data);
    cursor = page.nextCursor;
    if (cursor === null) return found;
  }
}

/** The answer of a request is there before the server notes that it is done. */
async function settled(keys: readonly TestKey[], count: number): Promise<StoredEvent[][]> {
  let found: StoredEvent[][] = [];
  await expect
    .poll(
      async () => {
        found = await Promise.all(keys.map(eventsOf));
        return found.flat().reduce((sum, event) => sum + event.count, 0);
      },
      // Refused ones are held until their second is over.
      { timeout: 10_000 },
    )
    .toBe(count);
  return found;
}

describe('an event', () => {
  it('says who asked for what, how it was answered, and how much went over the wire', async () => {
    const key = await http.createKey({ name: 'Shop' });
    const body = { content: '- [ ] one\n- [ ] two' };
    const headers = [keyHeader(key.plaintext), ['user-agent', 'shop/1.0'] as const];
    const answer = await http.enhance(headers, body, '?stream=false');
    const streamed = await http.enhance(headers, body);
    const [[second, first] = []] = await settled([key], 2);
    expect(first).toEqual({
      seq: expect.any(Number),
      at: http.server.now(),
      profileId: http.server.profileId,
      keyId: key.id,
      keyName: 'Shop',
      start: key.plaintext.slice(0, 8),
      requestId: headerOf(answer, 'x-request-id'),
      method: 'POST',
      path: '/render/enhance',
      status: 200,
      verdict: 'accepted',
      durationUs: expect.any(Number),
      blocks: 1,
      bytesIn: JSON.stringify(body).length,
      bytesOut: answer.body.length,
      ip: '127.0.0.1',
      agent: 'shop/1.0',
      count: 1,
      isInterrupted: false,
    });
    expect(second).toMatchObject({ bytesOut: streamed.body.length, requestId: headerOf(streamed, 'x-request-id') });
  });

  it('has neither a query nor a key that came in the user agent', async () => {
    const key = await http.createKey();
    await http.send({
      target: `/components?x=${key.plaintext}`,
      headers: [keyHeader(key.plaintext), ['user-agent', `agent ${key.plaintext}`]],
    });
    const [[event] = []] = await settled([key], 1);
    expect(event).toMatchObject({ path: '/components', status: 400, blocks: null, bytesIn: 0 });
    expect(JSON.stringify(event)).not.toContain(key.plaintext.slice(8));
  });

  it('stands for all refusals that were alike in one second', async () => {
    const key = await http.createKey();
    await http.server.keys.revoke(key.id, null);
    for (let sent = 0; sent < 40; sent++) await http.send({ headers: [keyHeader(key.plaintext)] });
    const [events = []] = await settled([key], 40);
    expect(events.length).toBeLessThan(10);
    expect(new Set(events.map(({ verdict, status }) => `${verdict} ${status}`))).toEqual(new Set(['revoked 401']));
  });
});

describe('the history', () => {
  it('is filtered by status, path and time, of one profile or of all', async () => {
    http.server.advance(1);
    const other = await http.server.profiles.create({ name: 'Other', plan: 'pro', design: {} });
    const key = await http.createKey();
    const elsewhere = await http.createKey({ profileId: other.id });
    await http.enhance([keyHeader(key.plaintext)], '{');
    await http.send({ target: '/components', headers: [keyHeader(elsewhere.plaintext)] });
    http.server.advance(5_000);
    await http.send({ target: '/components', headers: [keyHeader(key.plaintext)] });
    await settled([key], 2);
    const count = async (fields: Partial<ListEvents>) => (await http.server.events.list(wanted(fields))).data.length;
    expect(await count({ keyId: key.id, status: { min: 400, max: 499 } })).toBe(1);
    expect(await count({ keyId: key.id, path: '/components' })).toBe(1);
    expect(await count({ keyId: key.id, since: http.server.now() })).toBe(1);
    expect(await count({ keyId: elsewhere.id })).toBe(0);
    await expect.poll(() => count({ keyId: elsewhere.id, allProfiles: true })).toBe(1);
    expect(await count({ profileId: other.id })).toBe(1);
  });

  it.each([
    ['limit=0'],
    ['limit=101'],
    ['status=200,404'],
    ['status=599-400'],
    ['path=render'],
    ['profiles=some'],
    ['since=yesterday'],
    ['keyId=%27'],
    ['cursor=AAAA'],
    ['after=3'],
    ['unknown=1'],
  ])('refuses ?%s', async (query) => {
    const answer = await http.control(`/v1/profiles/${http.server.profileId}/events?${query}`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  });

  it('takes a cursor for the list that it came from only', async () => {
    const key = await http.createKey();
    for (let sent = 0; sent < 3; sent++) await http.enhance([keyHeader(key.plaintext)], { content: 'x' });
    await settled([key], 3);
    const { nextCursor } = await http.server.events.list(wanted({ keyId: key.id, limit: 2 }));
    const last = await http.server.events.list(wanted({ keyId: key.id, limit: 2, cursor: nextCursor }));
    expect([last.data.length, last.nextCursor]).toEqual([1, null]);
    await expect(http.server.events.list(wanted({ limit: 2, cursor: nextCursor }))).rejects.toMatchObject({
      code: 'bad_request',
    });
  });
});
