import { describe, expect, it } from 'vitest';
import { ALL_EVENTS } from '../../src/core/render-event.ts';
import { LOCAL_TOKEN } from '../local-server.ts';
import { seededRandom } from '../seeded-random.ts';
import { EventReader } from './event-reader.ts';
import { headerOf, RawConnection, rawRequest } from './raw-http.ts';
import { codeOf, type Header, keyHeader, ServerForTests, TOKEN } from './server-for-tests.ts';

const http = new ServerForTests();

interface Follow {
  readonly query?: string;
  readonly lastEventId?: number | null;
  readonly cutAfterBytes?: number;
}

function follow({ query = '', ...options }: Follow = {}): EventReader {
  const path = `/v1/profiles/${http.server.profileId}/events/stream${query}`;
  return new EventReader({ url: http.server.url, path, token: LOCAL_TOKEN, ...options });
}

async function render(plaintext: string, count = 1): Promise<void> {
  for (let sent = 0; sent < count; sent++) await http.enhance([keyHeader(plaintext)], { content: 'x' });
}

/** Request ids of the events of a key, oldest first, when there are so many. */
async function storedOf(keyId: string, count: number) {
  const query = { ...ALL_EVENTS, profileId: http.server.profileId, allProfiles: false, since: null, keyId };
  const list = async () => {
    const found = [];
    for (let cursor: string | null = null; ; ) {
      const page = await http.server.events.list({ ...query, cursor, limit: 100 });
      found.push(...page.data);
      cursor = page.nextCursor;
      if (cursor === null) return found.reverse();
    }
  };
  await expect.poll(async () => (await list()).length).toBe(count);
  return list();
}

describe('a live log', () => {
  it('shows each request of the profile as it is answered, in the words of the history', async () => {
    const key = await http.createKey();
    const reader = await follow({ query: `?keyId=${key.id}` }).opened();
    await render(key.plaintext, 3);
    await reader.until(({ events }) => events.length === 3);
    const stored = await storedOf(key.id, 3);
    expect(reader.frames.map(({ id }) => id)).toEqual(stored.map(({ seq }) => seq));
    expect(reader.frames.map(({ data }) => data)).toEqual(
      stored.map((event) => ({ ...event, at: new Date(event.at).toISOString() })),
    );
    reader.close();
  });

  it('is filtered on the server, by key, status and path, and takes in the profiles that come later', async () => {
    const key = await http.createKey();
    const [ofKey, failed, components, all] = await Promise.all(
      [`?keyId=${key.id}`, '?status=400-499', '?path=/components', '?profiles=all'].map((query) =>
        follow({ query }).opened(),
      ),
    );
    // The oldest profile is that of the server, after a restart too.
    http.server.advance(1);
    const later = await http.server.profiles.create({ name: 'Later', plan: 'pro', design: {} });
    const other = await http.createKey();
    const elsewhere = await http.createKey({ profileId: later.id });
    await http.send({ target: '/components', headers: [keyHeader(elsewhere.plaintext)] });
    await http.enhance([keyHeader(other.plaintext)], '{');
    await http.send({ target: '/components', headers: [keyHeader(other.plaintext)] });
    await render(key.plaintext);
    await all?.until(({ events }) => events.length === 4);
    for (const reader of [ofKey, failed, components]) await reader?.until(({ events }) => events.length > 0);
    const keysOf = (reader: EventReader | undefined) => reader?.events.map(({ data }) => data['keyId']);
    expect(keysOf(all)).toEqual([elsewhere.id, other.id, other.id, key.id]);
    expect(keysOf(ofKey)).toEqual([key.id]);
    expect(keysOf(failed)).toEqual([other.id]);
    expect(keysOf(components)).toEqual([other.id]);
    for (const reader of [ofKey, failed, components, all]) reader?.close();
  });

  it('says in its head that it is a stream which no cache keeps', async () => {
    const target = `/v1/profiles/${http.server.profileId}/events/stream`;
    const aborted = new AbortController();
    const answer = await fetch(new URL(target, http.server.url), { headers: [[...TOKEN]], signal: aborted.signal });
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    aborted.abort();
    const connection = await RawConnection.open(http.server.url);
    connection.send(rawRequest({ method: 'HEAD', target, headers: [TOKEN] }));
    const head = await connection.answer(true);
    expect([head.status, headerOf(head, 'allow')]).toEqual([405, 'GET']);
    connection.close();
  });

  it.each([
    ['no number', [['last-event-id', 'x']]],
    ['a negative one', [['last-event-id', '-1']]],
    [
      'two',
      [
        ['last-event-id', '1'],
        ['last-event-id', '2'],
      ],
    ],
    ['a very long one', [['last-event-id', '9'.repeat(30)]]],
  ] satisfies [string, Header[]][])('refuses %s as Last-Event-ID', async (_what, headers) => {
    const target = `/v1/profiles/${http.server.profileId}/events/stream`;
    const answer = await http.send({ target, headers: [TOKEN, ...headers] });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  });

  it.each([['after=x'], ['limit=3'], ['since=2027-01-31T00:00:00Z'], ['status=1']])('refuses ?%s', async (query) => {
    const answer = await http.control(`/v1/profiles/${http.server.profileId}/events/stream?${query}`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  });
});

describe('a live log that was cut', () => {
  it('goes on where it was, at whatever byte the cut came', async () => {
    const key = await http.createKey();
    await render(key.plaintext, 8);
    const seqs = (await storedOf(key.id, 8)).map(({ seq }) => seq);
    const start = { query: `?keyId=${key.id}&after=${(seqs[0] ?? 0) - 1}` };
    const whole = follow(start);
    await whole.until(({ events }) => events.length === 8);
    whole.close();
    const length = whole.bytes;
    expect(length).toBeGreaterThan(2_000);
    for (let cutAfterBytes = 1; cutAfterBytes < length; cutAfterBytes += 29) {
      const first = follow({ ...start, cutAfterBytes });
      await first.closed();
      const second = follow({ ...start, lastEventId: first.lastId });
      await second.until(({ events }) => first.events.length + events.length >= 8);
      second.close();
      expect([...first.frames, ...second.frames].map(({ id }) => id)).toEqual(seqs);
    }
  });

  it('loses and repeats nothing, while requests go on, the connection is cut at random and the server restarts', async () => {
    const random = seededRandom(11);
    const key = await http.createKey();
    await render(key.plaintext);
    const [first] = await storedOf(key.id, 1);
    const ids: (number | null)[] = [];
    let lastEventId: number | null = first?.seq ?? null;
    let total = Infinity;
    const reading = (async () => {
      while (ids.length < total - 1) {
        const cutAfterBytes = 1 + Buffer.from(random(new Uint8Array(2))).readUInt16BE() / 10;
        const reader = follow({ query: `?keyId=${key.id}`, lastEventId, cutAfterBytes });
        const finished = reader.until(() => ids.length + reader.events.length >= total - 1).then(() => reader.close());
        await Promise.race([finished.catch(() => {}), reader.closed()]);
        await reader.closed();
        ids.push(...reader.events.map(({ id }) => id));
        lastEventId = reader.lastId ?? lastEventId;
        expect(reader.frames.filter(({ kind }) => kind === 'gap')).toEqual([]);
      }
    })();
    for (let round = 0; round < 4; round++) {
      await Promise.all(Array.from({ length: 60 }, () => render(key.plaintext)));
      if (round < 3) await http.server.restart();
    }
    const stored = await storedOf(key.id, 241);
    total = 241;
    await render(key.plaintext);
    await reading;
    expect(ids.slice(0, 240)).toEqual(stored.slice(1).map(({ seq }) => seq));
  });

  it('takes Last-Event-ID before `after`', async () => {
    const key = await http.createKey();
    await render(key.plaintext, 2);
    const [first, second] = await storedOf(key.id, 2);
    const reader = follow({ query: `?keyId=${key.id}&after=0`, lastEventId: first?.seq ?? 0 });
    await reader.until(({ events }) => events.length === 1);
    expect(reader.lastId).toBe(second?.seq);
    reader.close();
  });

  it('begins with a gap behind an event that the server never had', async () => {
    const reader = follow({ lastEventId: 999_999_999 });
    await reader.until(({ frames }) => frames.length === 1);
    expect(reader.frames[0]).toMatchObject({ kind: 'gap', data: { missed: null } });
    expect(reader.frames[0]?.id).toBeLessThan(999_999_999);
    reader.close();
  });
});

describe('the end of a live log', () => {
  it('comes at once with the stop of the server, which says that it may be tried again', async () => {
    const readers = await Promise.all(Array.from({ length: 5 }, () => follow().opened()));
    await http.server.restart();
    for (const reader of readers) {
      await reader.closed();
      expect(reader.frames.at(-1)).toMatchObject({ kind: 'end', id: null, data: { code: 'unavailable', status: 503 } });
    }
  });

  it('makes room: 20 may be open for one caller', async () => {
    const readers = await Promise.all(Array.from({ length: 20 }, () => follow().opened()));
    const refused = await http.control(`/v1/profiles/${http.server.profileId}/events/stream`);
    expect([refused.status, codeOf(refused)]).toEqual([429, 'too_many_tails']);
    readers[0]?.close();
    await expect
      .poll(async () => {
        const reader = await follow().opened();
        reader.close();
        return reader.status;
      })
      .toBe(200);
    for (const reader of readers) reader.close();
  });
});
