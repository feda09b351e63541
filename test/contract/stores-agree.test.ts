import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AuditedChange, verifyChain } from '../../src/core/audit.ts';
import { HOUR_MS } from '../../src/core/clock.ts';
import type { Key } from '../../src/core/key.ts';
import { updateKey } from '../../src/core/key-update.ts';
import {
  acceptInvitation,
  changeRole,
  invite,
  removeMember,
  renameTeam,
  revokeInvitation,
  type TeamPeople,
} from '../../src/core/membership.ts';
import type { PeopleChange } from '../../src/core/people-store.ts';
import { cancelRotation, endGrace, extendGrace, replaceNew, revoke, rotate } from '../../src/core/rotation.ts';
import { MemoryKeyStore } from '../../src/storage/memory/memory-key-store.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../src/storage/store.ts';
import { PostgresDatabase } from '../postgres-database.ts';
import { eventsOf, record, sampleEvent } from './event-store/samples.ts';
import { type OpenedStore, withProfiles } from './key-store/opened-store.ts';
import { AUTHOR, allOf, hashOf, lastUse, sampleKey, sampleSecret, usageRow } from './key-store/samples.ts';
import { ADA, invitationOf, memberOf } from './people-store/samples.ts';

type Operation = (store: Store) => Promise<unknown>;

// Few values each, so that operations meet the same keys, hashes and times.
const teamId = fc.constantFrom('team_1', 'team_2', 'team_3', 'TEAM_1');
const profileId = fc.constantFrom('prof_1', 'prof_2', 'prof_3', 'prof_9');
const number = fc.integer({ min: 0, max: 7 });
const time = fc.integer({ min: 0, max: 6 });
const limit = fc.integer({ min: 0, max: 4 });
const hash = number.map(hashOf);

const inserting = fc.record({
  id: number,
  team: teamId,
  profile: profileId,
  secret: number,
  at: time,
  expires: fc.option(time),
});
const insert = inserting.map(({ id, team, profile, secret, at, expires }): Operation => {
  const secrets = [sampleSecret(secret, { createdAt: at })];
  const key = sampleKey(id, { teamId: team, profileId: profile, createdAt: at, expiresAt: expires, secrets });
  return (store) => store.insertKey(key, AUTHOR);
});

const step = fc.constantFrom('rotate', 'replace', 'end', 'extend', 'cancel', 'update', 'revoke', 'throw', 'rename');
const changing = fc.record({ id: number, team: teamId, step, secret: number, at: time });
const change = changing.map((choice): Operation => {
  return (store) => store.change(choice.team, sampleKey(choice.id).id, AUTHOR, (key) => decided(key, choice));
});

const profileChanging = fc.record({
  id: profileId,
  team: teamId,
  name: fc.option(fc.string()),
  plan: fc.option(fc.constantFrom('free' as const, 'pro' as const)),
  design: fc.option(fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 })),
  archivedAt: fc.option(fc.oneof(time, fc.constant(0.5))),
  createdAt: fc.option(fc.constant(30)),
});
const changeOfProfile = profileChanging.map(({ id, team, ...fields }): Operation => {
  const changes = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  return async (store) => [
    await store.changeProfile(team, id, AUTHOR, (profile) => ({
      profile: { ...profile, ...changes },
      result: profile,
    })),
    await store.allProfiles(),
  ];
});

const reading = fc.oneof(
  fc.tuple(teamId, number).map(
    ([team, id]): Operation =>
      (store) =>
        store.findKey(team, sampleKey(id).id),
  ),
  hash.map(
    (value): Operation =>
      (store) =>
        store.findKeyByHash(value),
  ),
  fc.tuple(teamId, limit).map(
    ([team, most]): Operation =>
      (store) =>
        store.keysByIdPrefix(team, 'key_', most),
  ),
  fc.tuple(number, limit).map(
    ([id, most]): Operation =>
      (store) =>
        store.allKeys(sampleKey(id).id, most),
  ),
  fc.constant<Operation>((store) => store.greatestTime()),
  fc
    .record({
      team: teamId,
      profile: profileId,
      includeEnded: fc.boolean(),
      now: time,
      limit,
      id: number,
      before: fc.option(time),
    })
    .map(({ team, profile, id, before, ...query }): Operation => {
      const after = before === null ? null : { createdAt: before, id: sampleKey(id).id };
      return (store) => store.listKeys(team, allOf(profile, { ...query, after }));
    }),
);

const usageHour = fc.oneof(
  time,
  fc.integer({ min: 0, max: 72 }).map((hours) => hours * HOUR_MS),
);

const usage = fc.oneof(
  fc
    .record({
      id: number,
      ordinal: limit,
      inGrace: fc.boolean(),
      hour: usageHour,
      served: fc.integer({ min: -1, max: 9 }),
      buckets: fc.dictionary(fc.constantFrom('0', '7', '231'), fc.integer({ min: 1, max: 9 })),
    })
    .map(({ id, ordinal, inGrace, hour, served, buckets }): Operation => {
      const { id: keyId } = sampleKey(id);
      const durations = new Map(Object.entries(buckets).map(([bucket, count]) => [Number(bucket), count]));
      const row = usageRow(keyId, { secretOrdinal: ordinal, inGrace, hour, served, revoked: served, durations });
      return (store) =>
        store.recordUsage({
          rows: [row, row],
          lastUses: [lastUse(keyId, { secretOrdinal: ordinal, at: hour })],
          events: [],
          journal: null,
          at: 0,
        });
    }),
  fc.tuple(number, usageHour).map(
    ([id, since]): Operation =>
      (store) =>
        store.usageOf(sampleKey(id).id, since),
  ),
  fc.tuple(usageHour, limit).map(
    ([before, count]): Operation =>
      (store) =>
        store.rollUpUsage(before, count),
  ),
  number.map(
    (id): Operation =>
      async (store) => {
        const uses = await store.lastUsesOf([sampleKey(id).id, sampleKey(id + 1).id]);
        return [...uses].sort((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)));
      },
  ),
  time.map(
    (value): Operation =>
      (store) =>
        store.persistTime(value),
  ),
);

const recordEvents = fc
  .record({ id: number, profile: profileId, at: time, status: fc.constantFrom(200, 401), count: limit, more: limit })
  .map(({ id, profile, at, status, count, more }): Operation => {
    const { id: keyId } = sampleKey(id);
    const event = sampleEvent(at, { keyId, profileId: profile, at, status, count });
    const events = [event, ...Array.from({ length: more }, (_, index) => sampleEvent(index, { keyId, at: index }))];
    return (store) => record(store, events, { epoch: profile, position: more });
  });

const seq = fc.integer({ min: 0, max: 12 });
const events = fc.oneof(
  recordEvents,
  fc
    .record({
      profileIds: fc.array(profileId, { maxLength: 3 }),
      since: fc.option(time),
      from: seq,
      direction: fc.constantFrom('after', 'before', 'newest'),
      limit,
      keyId: fc.option(number.map((id) => sampleKey(id).id)),
      status: fc.option(fc.constant({ min: 300, max: 500 })),
    })
    .map(({ from, direction, ...query }): Operation => {
      const place = { after: direction === 'after' ? from : null, before: direction === 'before' ? from : null };
      return async (store) => [await store.listEvents(eventsOf({ ...query, ...place })), await store.newestEventSeq()];
    }),
  fc.tuple(time, limit, limit).map(
    ([before, keep, most]): Operation =>
      async (store) => [await store.pruneEvents(before, keep * 2, most), await store.prunedEventSeq()],
  ),
  profileId.map(
    (epoch): Operation =>
      (store) =>
        store.journalPosition(epoch),
  ),
);

const personId = fc.constantFrom('person_a', 'person_b', 'person_c', 'PERSON_A');
const role = fc.constantFrom('owner' as const, 'admin' as const, 'member' as const);
const peopleStep = fc.constantFrom(
  ...(['invite', 'accept', 'revoke', 'role', 'remove', 'rename', 'add', 'throw', 'wrong'] as const),
);
const peopleChanging = fc.record({
  team: teamId,
  step: peopleStep,
  person: personId,
  role,
  number,
  secret: number,
  at: time,
});
type PeopleChoice = typeof peopleChanging extends fc.Arbitrary<infer Choice> ? Choice : never;

const people = fc.oneof(
  {
    weight: 4,
    arbitrary: peopleChanging.map((choice): Operation => {
      return (store) => store.changePeople(choice.team, ADA, (before) => decidedPeople(before, choice));
    }),
  },
  fc.tuple(teamId, personId, role, time).map(([team, person, founding, at]): Operation => {
    const owner = memberOf(person, founding, { teamId: team, since: at });
    return (store) => store.foundTeam({ id: 'team_3', name: person, createdAt: at }, owner, ADA);
  }),
  fc.tuple(fc.array(teamId, { maxLength: 2 }), fc.boolean()).map(([teams, isSettled]): Operation => {
    return async (store) => {
      const announcements = await store.announce(teams, ADA, renamed('team_1'));
      if (isSettled) await store.settle(announcements, ADA, 'failed');
      return announcements;
    };
  }),
  fc.tuple(teamId, personId, number, time).map(([team, person, value, since]): Operation => {
    return async (store) => [
      await store.findPeople(team),
      await store.teamsOf(person),
      await store.findInvitation(hashOf(value)),
      await store.hasOwner(),
      await store.teamOf('key', sampleKey(value).id),
      await store.listAudit(team, { since, subjectId: null, before: null, limit: 5 }),
      await store.outcomesOf(
        team,
        Array.from({ length: 60 }, (_, seq) => seq),
      ),
    ];
  }),
);

const operations = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: insert },
    { weight: 3, arbitrary: change },
    changeOfProfile,
    reading,
    usage,
    { weight: 3, arbitrary: events },
    {
      weight: 5,
      arbitrary: people,
    },
  ),
  {
    minLength: 20,
    maxLength: 60,
  },
);

test('memory and SQLite answer every sequence of operations alike', () => agreesWithMemory(openSqlite));

describe('a database server', () => {
  const database = new PostgresDatabase();

  test('answers every sequence of operations as memory does', () => agreesWithMemory(() => database.open()));
});

async function agreesWithMemory(open: () => Promise<OpenedStore>): Promise<void> {
  const agree = async (sequence: readonly Operation[]) => {
    const { store, cleanup } = await open();
    const memory = new MemoryKeyStore();
    try {
      for (const each of [memory, store]) await withProfiles({ store: each });
      for (const operation of sequence) expect(await answer(store, operation)).toEqual(await answer(memory, operation));
      expect(await store.allKeys('', 100)).toEqual(await memory.allKeys('', 100));
      for (const { id } of await memory.listTeams()) {
        const chain = await store.auditChain(id, 0, 1_000);
        expect(chain).toEqual(await memory.auditChain(id, 0, 1_000));
        expect(await verifyChain(chain)).toMatchObject({ kind: 'intact' });
      }
    } finally {
      await cleanup();
    }
  };
  await fc.assert(fc.asyncProperty(operations, agree), { numRuns: 60 });
}

async function openSqlite(): Promise<OpenedStore> {
  const directory = await mkdtemp(join(tmpdir(), 'outkit-agree-'));
  const store = await openSqliteStore({ directory });
  return {
    store,
    async cleanup() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** What an operation says, refusals to mistakes included. */
async function answer(store: Store, operation: Operation): Promise<unknown> {
  try {
    return await operation(store);
  } catch {
    return 'it threw';
  }
}

function decided(key: Key, { step, secret, at }: { step: string; secret: number; at: number }) {
  if (step === 'throw') throw new Error('no');
  if (step === 'rename') return { key: { ...key, name: 'Another' }, result: step };
  const decision = transition(key, step, { hash: hashOf(secret), start: 'ok_d_new', requestDigest: 'digest' }, at);
  return { key: decision.kind === 'changed' ? decision.key : null, result: decision.kind };
}

function transition(key: Key, step: string, minted: Parameters<typeof rotate>[1], at: number) {
  if (step === 'rotate') return rotate(key, minted, 3, at);
  if (step === 'replace') return replaceNew(key, minted, at);
  if (step === 'end') return endGrace(key, at);
  if (step === 'extend') return extendGrace(key, 2, at);
  if (step === 'cancel') return cancelRotation(key, at);
  if (step === 'update') return updateKey(key, { rateLimitPerMinute: at, expiresAt: at + 4 }, at);
  return revoke(key, 'ada', null, at);
}

function decidedPeople(
  before: TeamPeople,
  { step, person, role, number, secret, at }: PeopleChoice,
): PeopleChange<unknown> {
  if (step === 'throw') throw new Error('no');
  const invitation = invitationOf(number, {
    teamId: before.team.id,
    role,
    email: `${person}@example.com`,
    tokenHash: hashOf(secret),
    createdAt: at,
    expiresAt: at + 3,
  });
  const member = memberOf(person, role, { teamId: before.team.id, since: at });
  if (step === 'add') return { people: { ...before, members: [...before.members, member] }, result: before };
  if (step === 'wrong') return { people: { ...before, team: { ...before.team, createdAt: at } }, result: before };
  const decision = {
    invite: () => invite(before, null, invitation, at),
    accept: () => acceptInvitation(before, invitation.id, person, at),
    revoke: () => revokeInvitation(before, null, invitation.id, at),
    role: () => changeRole(before, null, person, role),
    remove: () => removeMember(before, null, person),
    rename: () => renameTeam(before, person),
  }[step]();
  return { people: decision.kind === 'changed' ? decision.people : null, result: [before, decision.kind] };
}

function renamed(teamId: string): AuditedChange {
  return { action: 'team.rename', subjectKind: 'team', subjectId: teamId, profileId: null, before: null, after: {} };
}
