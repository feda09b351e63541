import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyChain } from '../../src/core/audit.ts';
import type { Key } from '../../src/core/key.ts';
import { revoke, rotate } from '../../src/core/rotation.ts';
import { openPostgresStore } from '../../src/storage/postgres/open-postgres-store.ts';
import type { Store } from '../../src/storage/store.ts';
import { PostgresDatabase } from '../postgres-database.ts';
import { eventsOf, record, sampleEvent, seqsOf } from './event-store/samples.ts';
import { withProfiles } from './key-store/opened-store.ts';
import { AUTHOR, hashOf, lastUse, sampleKey, sampleSecret, TEAM, usageRow } from './key-store/samples.ts';
import { ADA, invitationOf } from './people-store/samples.ts';

const NOW = 5_000;
const HOUR_MS = 3_600_000;

/** Two servers, each with connections of its own. */
const database = new PostgresDatabase();
let one: Store;
let two: Store;
beforeEach(async () => {
  one = (await database.open()).store;
  two = await openPostgresStore(database.url);
  await withProfiles({ store: one });
});
afterEach(async () => {
  await one?.close();
  await two?.close();
});

type Transition = (key: Key) => { readonly kind: 'changed'; readonly key: Key } | { readonly kind: string };

const rotated =
  (number: number): Transition =>
  (key) =>
    rotate(key, { hash: hashOf(number), start: 'ok_d_new', requestDigest: `digest ${number}` }, 1_000, NOW);
const revoked: Transition = (key) => revoke(key, 'ada', null, NOW);

async function tried(store: Store, keyId: string, apply: Transition): Promise<string> {
  const outcome = await store.change(TEAM.id, keyId, AUTHOR, (key) => {
    const decision = apply(key);
    return { key: 'key' in decision ? decision.key : null, result: decision.kind };
  });
  return outcome.kind === 'decided' ? outcome.result : outcome.kind;
}

/** Runs a race of both servers about a key of its own, many times. */
async function raced(
  work: (keyId: string, round: number) => readonly Promise<string>[],
  judge: (kinds: readonly string[], key: Key) => void,
): Promise<void> {
  for (let round = 1; round <= 50; round++) {
    const key = sampleKey(round);
    await one.insertKey(key, AUTHOR);
    const kinds = await Promise.all(work(key.id, round));
    const after = await one.findKey(TEAM.id, key.id);
    if (after === null) throw new Error('the key is gone');
    judge(kinds, after);
  }
}

test('of two servers that rotate a key at once, one wins and one is told', async () => {
  await raced(
    (id, round) => [tried(one, id, rotated(1_000 + round)), tried(two, id, rotated(2_000 + round))],
    (kinds, key) => {
      expect([...kinds].sort()).toEqual(['changed', 'rotation_in_progress']);
      expect(key.secrets).toHaveLength(2);
    },
  );
});

test('a revoke wins against a rotation by another server, whichever comes first', async () => {
  await raced(
    (id, round) => [tried(one, id, rotated(1_000 + round)), tried(two, id, revoked)],
    ([ofRotation, ofRevoke], key) => {
      expect(ofRevoke).toBe('changed');
      expect(key.revokedAt).toBe(NOW);
      expect(key.secrets).toHaveLength(ofRotation === 'changed' ? 2 : 1);
    },
  );
});

test('a key that two servers revoke at once is revoked once', async () => {
  await raced(
    (id) => [tried(one, id, revoked), tried(two, id, revoked)],
    (kinds, key) => {
      expect(kinds.filter((kind) => kind === 'changed')).toHaveLength(1);
      expect(key.version).toBe(2);
    },
  );
});

test('of keys with one hash that two servers insert at once, exactly one is inserted', async () => {
  for (let round = 0; round < 50; round++) {
    const secrets = [sampleSecret(9_000 + round)];
    const keys = [sampleKey(2 * round, { secrets }), sampleKey(2 * round + 1, { secrets })] as const;
    const outcomes = await Promise.all([one.insertKey(keys[0], AUTHOR), two.insertKey(keys[1], AUTHOR)]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['hash_in_use', 'inserted']);
    const winner = keys[outcomes.findIndex(({ kind }) => kind === 'inserted')];
    expect(await two.findKeyByHash(hashOf(9_000 + round))).toEqual(winner);
  }
});

test('of an insert and a rotation with one hash at once, exactly one has it, and neither waits for the other in a circle', async () => {
  await raced(
    (id, round) => [
      one
        .insertKey(sampleKey(100 + round, { secrets: [sampleSecret(1_000 + round)] }), AUTHOR)
        .then(({ kind }) => kind),
      tried(two, id, rotated(1_000 + round)),
    ],
    (kinds, key) => {
      expect(['inserted,hash_in_use', 'hash_in_use,changed']).toContain(kinds.join());
      expect(key.secrets).toHaveLength(kinds[1] === 'changed' ? 2 : 1);
    },
  );
});

test('two servers append to one audit chain without a gap or a fork, and a reader of the changes skips none', async () => {
  const seen: number[] = [];
  let isDone = false;
  const reader = (async () => {
    while (!isDone) {
      const rows = await database.query<{ seq: string }>(
        `select seq from changes where seq > ${seen.at(-1) ?? 0} order by seq`,
      );
      seen.push(...rows.map(({ seq }) => Number(seq)));
    }
  })();
  const keys = Array.from({ length: 200 }, (_, number) => sampleKey(number));
  await Promise.all(keys.map((key, index) => (index % 2 === 0 ? one : two).insertKey(key, AUTHOR)));
  isDone = true;
  await reader;
  const newest = Number((await database.query<{ seq: string }>('select seq from change_clock'))[0]?.seq);
  const read = seen.length;
  expect(seen).toEqual(Array.from({ length: read }, (_, index) => index + 1));
  expect(read).toBeGreaterThan(20);
  expect(newest).toBe(3 + keys.length);
  const chain = await one.auditChain(TEAM.id, 0, 1_000);
  expect(chain.map(({ seq }) => seq)).toEqual(Array.from({ length: chain.length }, (_, index) => index + 1));
  expect(chain).toHaveLength(2 + keys.length);
  expect(await verifyChain(chain)).toMatchObject({ kind: 'intact' });
});

test('people, profiles and keys of one team change at once, and nobody waits in a circle', async () => {
  await one.insertKey(sampleKey(1), AUTHOR);
  const work = Array.from({ length: 60 }, (_, number) => [
    one.changePeople(TEAM.id, ADA, (people) => ({
      people: { ...people, invitations: [...people.invitations, invitationOf(number)] },
      result: null,
    })),
    two.insertKey(sampleKey(100 + number), AUTHOR),
    two.changeProfile(TEAM.id, 'prof_1', AUTHOR, (profile) => ({
      profile: { ...profile, name: `${number}` },
      result: null,
    })),
    one.change(TEAM.id, sampleKey(1).id, AUTHOR, (key) => {
      return { key: { ...key, version: key.version + 1, revokedAt: number, revokedBy: 'ada' }, result: null };
    }),
    two.recordUsage({
      rows: [usageRow(sampleKey(1).id, { served: 1 })],
      lastUses: [],
      events: [sampleEvent(number)],
      journal: null,
      at: number,
    }),
  ]);
  await Promise.all(work.flat());
  expect(await one.usageOf(sampleKey(1).id, 0)).toMatchObject([{ served: 60 }]);
});

test('usage of the same hours that two servers write at once adds up, in whatever order they count', async () => {
  const keys = [1, 2, 3, 4].map((number) => sampleKey(number));
  for (const key of keys) await one.insertKey(key, AUTHOR);
  const rows = keys.flatMap(({ id }) => [0, HOUR_MS].map((hour) => usageRow(id, { hour, served: 1, revoked: 2 })));
  const lastUses = keys.map(({ id }, index) => lastUse(id, { at: 1_000 + index }));
  const batch = { rows, lastUses, events: [], journal: null, at: 0 };
  const reversed = { ...batch, rows: [...rows].reverse(), lastUses: [...lastUses].reverse() };
  await Promise.all(Array.from({ length: 50 }, () => [one.recordUsage(batch), two.recordUsage(reversed)]).flat());
  for (const { id } of keys) {
    expect(await two.usageOf(id, 0)).toEqual(
      [0, HOUR_MS].map((hour) => usageRow(id, { hour, served: 100, revoked: 200 })),
    );
  }
});

test('two servers number events without a gap, and prune them without counting one twice', async () => {
  await one.insertKey(sampleKey(1), AUTHOR);
  const batch = Array.from({ length: 5 }, (_, number) => sampleEvent(number));
  await Promise.all(Array.from({ length: 20 }, () => [record(one, batch), record(two, batch)]).flat());
  const stored = await one.listEvents(eventsOf({ after: 0, limit: 1_000 }));
  expect(seqsOf(stored)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  const removed = await Promise.all(
    Array.from({ length: 20 }, () => [one.pruneEvents(9_000, 1_000, 10), two.pruneEvents(9_000, 1_000, 10)]).flat(),
  );
  expect(removed.reduce((sum, count) => sum + count, 0)).toBe(200);
  expect(await one.prunedEventSeq()).toBe(200);
  expect(await database.query('select kept from event_log')).toEqual([{ kept: '0' }]);
});
