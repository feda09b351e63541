import { beforeEach, describe, expect, test } from 'vitest';
import { withKeys } from '../../../test/contract/event-store/lists.ts';
import { eventsOf, record, sampleEvent } from '../../../test/contract/event-store/samples.ts';
import { PROFILE, SECOND_PROFILE, sampleKey, TEAM } from '../../../test/contract/key-store/samples.ts';
import { seededRandom } from '../../../test/seeded-random.ts';
import { OutkitError } from '../../core/errors.ts';
import { ALL_EVENTS, type RenderEvent } from '../../core/render-event.ts';
import { MemoryKeyStore } from '../../storage/memory/memory-key-store.ts';
import { EventHub, type TailWish } from './event-hub.ts';
import type { Tail } from './tail.ts';

let store: MemoryKeyStore;
let hub: EventHub;
beforeEach(async () => {
  store = new MemoryKeyStore();
  await withKeys({ store, cleanup: async () => {} });
  hub = await EventHub.open(store);
});

function wish(fields: Partial<TailWish> = {}): TailWish {
  return { ...ALL_EVENTS, profileIds: [PROFILE.id], wholeTeamId: null, follower: 'ada', after: null, ...fields };
}

async function publish(...events: RenderEvent[]): Promise<void> {
  hub.publish(await record(store, events));
}

/** Seqs of the events in frames, and those of gaps as text. */
function seqsIn(frames: string): (number | string)[] {
  return [...frames.matchAll(/^(event: gap\n)?id: (\d+)$/gm)].map(([, gap, seq]) => (gap ? `gap ${seq}` : Number(seq)));
}

async function read(tail: Tail, count: number): Promise<(number | string)[]> {
  const seqs: (number | string)[] = [];
  while (seqs.length < count) seqs.push(...seqsIn(await tail.next()));
  return seqs;
}

const many = (count: number, fields: Partial<RenderEvent> = {}) =>
  Array.from({ length: count }, (_, number) => sampleEvent(number, fields));

describe('a tail', () => {
  test('starts with what happens now', async () => {
    await publish(sampleEvent(1));
    const { tail } = await hub.follow(wish());
    await publish(sampleEvent(2), sampleEvent(3));
    expect(await read(tail, 2)).toEqual([2, 3]);
  });

  test('goes on behind an event, and from the store into what happens now', async () => {
    await publish(...many(250));
    const { tail } = await hub.follow(wish({ after: 20 }));
    expect(await read(tail, 230)).toEqual(Array.from({ length: 230 }, (_, index) => 21 + index));
    const next = tail.next();
    await publish(sampleEvent(1));
    expect(seqsIn(await next)).toEqual([251]);
  });

  test('gets nothing of other profiles, keys, paths and statuses', async () => {
    const { tail } = await hub.follow(wish({ keyId: sampleKey(2).id, status: { min: 400, max: 499 }, path: '/a' }));
    const fits = { keyId: sampleKey(2).id, status: 404, path: '/a' };
    await publish(
      sampleEvent(1, { ...fits, keyId: sampleKey(1).id }),
      sampleEvent(2, { ...fits, status: 500 }),
      sampleEvent(3, { ...fits, path: '/b' }),
      sampleEvent(4, { ...fits, profileId: SECOND_PROFILE.id }),
      sampleEvent(5, fits),
    );
    expect(await read(tail, 1)).toEqual([5]);
  });

  test('of a whole team has a profile from its first event on', async () => {
    const { tail } = await hub.follow(wish({ wholeTeamId: TEAM.id }));
    hub.addProfile({ id: SECOND_PROFILE.id, teamId: TEAM.id });
    hub.addProfile({ id: 'prof_elsewhere', teamId: 'team_9' });
    await publish(
      sampleEvent(1, { profileId: 'prof_elsewhere' }),
      sampleEvent(2, { profileId: SECOND_PROFILE.id, keyId: sampleKey(3).id }),
    );
    expect(await read(tail, 1)).toEqual([2]);
  });

  test('that is not read holds at most 1,000 events, and reads the rest from the store', async () => {
    const { tail } = await hub.follow(wish());
    for (let batch = 0; batch < 30; batch++) await publish(...many(100));
    expect(await read(tail, 3_000)).toEqual(Array.from({ length: 3_000 }, (_, index) => index + 1));
    await publish(sampleEvent(1));
    expect(await read(tail, 1)).toEqual([3_001]);
  });

  test('holds at most 1 MB', async () => {
    const { tail } = await hub.follow(wish());
    await publish(...many(20, { agent: 'x'.repeat(100_000) }));
    const asked: number[] = [];
    const listEvents = store.listEvents.bind(store);
    store.listEvents = (query) => {
      asked.push(query.after ?? -1);
      return listEvents(query);
    };
    expect(await read(tail, 20)).toHaveLength(20);
    expect(asked).toEqual([10]);
  });

  test('learns of a gap when what it needs was removed, and goes on behind it', async () => {
    await publish(...many(10));
    const { tail } = await hub.follow(wish({ after: 2 }));
    await store.pruneEvents(0, 4, 100);
    expect(await read(tail, 5)).toEqual(['gap 6', 7, 8, 9, 10]);
  });

  test('behind an event that this database never had begins with a gap', async () => {
    await publish(sampleEvent(1));
    const { tail } = await hub.follow(wish({ after: 700 }));
    await publish(sampleEvent(2));
    expect(await read(tail, 2)).toEqual(['gap 1', 2]);
  });

  test('reads from the store what was stored without being published', async () => {
    const { tail } = await hub.follow(wish());
    await record(store, many(3));
    await publish(sampleEvent(4));
    expect(await read(tail, 4)).toEqual([1, 2, 3, 4]);
  });

  test('ends with the error of who ends it', async () => {
    const { tail } = await hub.follow(wish());
    const next = tail.next();
    hub.close(new OutkitError('unavailable', 'The server stops'));
    await expect(next).rejects.toMatchObject({ code: 'unavailable' });
    await expect(tail.next()).rejects.toMatchObject({ code: 'unavailable' });
    const { tail: late } = await hub.follow(wish());
    await expect(late.next()).rejects.toMatchObject({ code: 'unavailable' });
  });
});

/** One random course of things. `got` is what the tail told: seqs, and gaps as text. */
async function course(seed: number) {
  const random = seededRandom(seed);
  const below = (end: number) => Buffer.from(random(new Uint8Array(2))).readUInt16BE() % end;
  const turns = async (most: number) => {
    for (let left = below(most + 1); left > 0; left--) await new Promise(setImmediate);
  };
  store = new MemoryKeyStore();
  await withKeys({ store, cleanup: async () => {} });
  const slowly: Pick<MemoryKeyStore, 'listEvents' | 'newestEventSeq' | 'prunedEventSeq'> = {
    async listEvents(query) {
      await turns(20);
      const found = await store.listEvents(query);
      await turns(20);
      return found;
    },
    newestEventSeq: () => store.newestEventSeq(),
    prunedEventSeq: () => store.prunedEventSeq(),
  };
  await record(store, many(below(300)));
  hub = await EventHub.open(slowly);
  const after = await store.newestEventSeq();
  const { tail } = await hub.follow(wish({ after: below(2) === 0 ? after : null, status: { min: 200, max: 299 } }));
  const got: (number | string)[] = [];
  let last = Infinity;
  const reading = (async () => {
    while (got.at(-1) !== last) {
      await turns(6);
      got.push(...seqsIn(await tail.next()));
    }
  })();
  let hasPruned = false;
  for (let round = 0; round < 80; round++) {
    // Seldom more than can be read at once, and now and then more than may wait.
    const count = below(12) === 0 ? below(1_500) : below(8);
    const events = many(count).map((event) => (below(3) === 0 ? { ...event, status: 404 } : event));
    const stored = await record(store, events);
    // In the store, and not yet told: a tail that reads now has it before.
    await turns(3);
    if (below(20) !== 0) hub.publish(stored);
    await turns(below(4) === 0 ? 60 : 2);
    if (seed % 2 === 0 && below(8) === 0) {
      hasPruned = true;
      await store.pruneEvents(0, below(400), 500);
    }
  }
  last = (await store.newestEventSeq()) + 1;
  await publish(sampleEvent(1));
  await reading;
  const kept = await store.listEvents(eventsOf({ after, limit: 100_000, status: { min: 200, max: 299 } }));
  return { got, hasPruned, kept: kept.map(({ seq }) => seq) };
}

test.each(Array.from({ length: 40 }, (_, index) => index + 1))(
  'in random course %i each event comes once and in order, or is told as gone',
  async (seed) => {
    const { got, hasPruned, kept } = await course(seed);
    const places = got.map((item) => Number(String(item).replace('gap ', '')));
    expect(places).toEqual([...new Set(places)].sort((left, right) => left - right));
    const gaps = got.filter((item) => typeof item === 'string').map((item) => Number(item.slice('gap '.length)));
    if (!hasPruned) expect(gaps).toEqual([]);
    const lastGap = Math.max(0, ...gaps);
    expect(kept.filter((seq) => seq > lastGap && !got.includes(seq))).toEqual([]);
  },
);

describe('the hub', () => {
  test('serves 20 tails of one person, and has room again when one is closed', async () => {
    const followed = await Promise.all(Array.from({ length: 20 }, () => hub.follow(wish())));
    await expect(hub.follow(wish())).rejects.toMatchObject({ code: 'too_many_tails' });
    await hub.follow(wish({ follower: 'grace' }));
    followed[3]?.close();
    followed[3]?.close();
    await hub.follow(wish());
    await expect(hub.follow(wish())).rejects.toMatchObject({ code: 'too_many_tails' });
    expect(hub.tails).toBe(21);
  });

  test('serves 1,000 tails', async () => {
    for (let index = 0; index < 1_000; index++) await hub.follow(wish({ follower: `person ${index % 100}` }));
    await expect(hub.follow(wish({ follower: 'one more' }))).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('looks at no tail of another profile when it publishes', async () => {
    const touched: unknown[] = [];
    for (let index = 0; index < 50; index++) {
      const { tail } = await hub.follow(wish({ follower: `${index}`, profileIds: [SECOND_PROFILE.id] }));
      tail.push = (event) => void touched.push(event);
    }
    await publish(...many(100));
    expect(touched).toEqual([]);
  });
});
