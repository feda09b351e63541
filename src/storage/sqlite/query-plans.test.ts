import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { eventsOf } from '../../../test/contract/event-store/samples.ts';
import { AUTHOR } from '../../../test/contract/key-store/samples.ts';
import { migrate } from '../sql/migrations.ts';
import type { Executor, Script } from '../sql/script.ts';
import { SqlKeyStore } from '../sql/sql-key-store.ts';
import type { Store } from '../store.ts';
import { sqliteDialect } from './sqlite-dialect.ts';

const database = new DatabaseSync(':memory:');
const migration = migrate(sqliteDialect);
for (let step = migration.next([]); step.done !== true; ) {
  step = migration.next(database.prepare(step.value.sql).all(...(step.value.parameters as string[])));
}
afterAll(() => database.close());

/** Runs nothing: answers the first reads with these rows and each other one with none, and notes how SQLite would have found them. */
function planOf(
  read: (store: Store) => Promise<unknown>,
  answers: readonly (readonly unknown[])[] = [],
): Promise<readonly string[]> {
  const steps: string[] = [];
  const rows = [...answers];
  const explain = async <Result>(script: Script<Result>): Promise<Result> => {
    let step = script.next([]);
    while (step.done !== true) {
      const { sql, parameters } = step.value;
      const plan = database.prepare(`explain query plan ${sql}`).all(...(parameters as string[]));
      steps.push(...plan.map((row) => String(row['detail'])));
      step = script.next(rows.shift() ?? []);
    }
    return step.value;
  };
  const executor: Executor = { read: explain, lookUp: explain, write: explain, close: async () => {} };
  return read(new SqlKeyStore(executor, sqliteDialect)).then(() => steps);
}

const page = { profileId: 'p', now: 5, limit: 20 };
const position = { createdAt: 5, id: 'k' };
const all = { ...page, includeEnded: true };
const live = { ...page, includeEnded: false };

const NEWEST = { since: null, subjectId: null, before: null, limit: 10 };

const READS: [what: string, index: string, read: (store: Store) => Promise<unknown>][] = [
  ['a profile', '(team_id=? AND id=?)', (store) => store.findProfile('t', 'p')],
  [
    'a profile to change',
    '(team_id=? AND id=?)',
    (store) => store.changeProfile('t', 'p', AUTHOR, () => ({ profile: null, result: null })),
  ],
  ['the profiles of a team', 'profiles_of_team (team_id=?)', (store) => store.listProfiles('t')],
  ['a key', '(id=?)', (store) => store.findKey('t', 'k')],
  ['a key by a hash', '(hash=?)', (store) => store.findKeyByHash('ab'.repeat(32))],
  ['a first page', 'keys_of_profile', (store) => store.listKeys('t', { ...all, after: null })],
  ['a later page', '(created_at,id)<(?,?)', (store) => store.listKeys('t', { ...all, after: position })],
  ['live keys', 'unrevoked_keys_of_profile', (store) => store.listKeys('t', { ...live, after: null })],
  ['more live keys', 'unrevoked_keys_of_profile', (store) => store.listKeys('t', { ...live, after: position })],
  ['a prefix', '(team_id=? AND id>? AND id<?)', (store) => store.keysByIdPrefix('t', 'key_', 10)],
  ['a page of every key', '(id>?)', (store) => store.allKeys('k', 100)],
  ['hours to add up to days', 'usage_hours (hour<?)', (store) => store.rollUpUsage(5, 10)],
  ['usage of a key', '(key_id=? AND hour>?)', (store) => store.usageOf('k', 0)],
  ['usage of several keys', '(key_id=? AND hour>?)', (store) => store.usageOfKeys(['k', 'l'], 0)],
  ['the audit log', '(team_id=?)', (store) => store.listAudit('t', NEWEST)],
  ['a later page of the audit log', '(team_id=? AND seq<?)', (store) => store.listAudit('t', { ...NEWEST, before: 9 })],
  [
    'the audit log of a key',
    'audit_of_subject',
    (store) => store.listAudit('t', { ...NEWEST, subjectId: 'k', since: 1 }),
  ],
  ['the audit chain', '(team_id=? AND seq>?)', (store) => store.auditChain('t', 3, 10)],
  ['the head of the audit chain', '(team_id=?)', (store) => store.auditHead('t')],
  ['invitations by address', 'standing_invitations_for (email=?)', (store) => store.invitationsFor('a@b')],
  ['an invitation by its token', '(token_hash=?)', (store) => store.findInvitation('ab'.repeat(32))],
  ['the team of a key', 'keys USING INDEX sqlite_autoindex_keys_1 (id=?)', (store) => store.teamOf('key', 'k')],
  [
    'the team of a profile',
    'profiles USING INDEX sqlite_autoindex_profiles_1 (id=?)',
    (store) => store.teamOf('profile', 'p'),
  ],
  ['how entries went', 'audit_of_subject (team_id=? AND subject_id=?)', (store) => store.outcomesOf('t', [3, 4])],
  ['last uses', '(key_id=?)', (store) => store.lastUsesOf(['k', 'l'])],
];

const BY_PROFILE = 'segment_profiles USING PRIMARY KEY (profile_id=? AND last_seq>? AND last_seq<?)';
const BY_KEY = 'segment_keys USING PRIMARY KEY (key_id=? AND last_seq>? AND last_seq<?)';
/** Before a part is read where it begins, and, of an ascending list, how far it may go. */
const EVENTS: [
  what: string,
  query: Parameters<typeof eventsOf>[0],
  before: { [column: string]: number }[],
  index: string,
][] = [
  ['of a profile, newest first', {}, [{ last_seq: 5 }], BY_PROFILE],
  ['of a profile behind a seq', { after: 4 }, [{ last_seq: 5 }, { seq: 9 }], BY_PROFILE],
  ['of a key', { keyId: 'k', before: 4 }, [{ last_seq: 5 }], BY_KEY],
];

test.each(EVENTS)('events %s are found by an index in a part of the log', async (_what, query, before, index) => {
  const answers = before.map((row) => [row]);
  const plan = (await planOf((store) => store.listEvents(eventsOf(query)), answers)).join('\n');
  expect(plan).toContain(index);
  expect(plan).toContain('SEARCH event_segments USING INTEGER PRIMARY KEY (rowid=?)');
  expect(plan).not.toContain('USE TEMP B-TREE');
});

test.each(READS)('%s is found by an index and never sorted as a whole', async (_what, index, read) => {
  const plan = (await planOf(read)).join('\n');
  expect(plan).toContain(index);
  // k is the page itself, at most as many keys as were asked for.
  expect(plan).not.toMatch(/SCAN (?!k$)/m);
  expect(plan).not.toContain('USE TEMP B-TREE FOR ORDER BY');
});

// At most as many rows as a team has people, or a person has teams, are put in order.
const PEOPLE: [what: string, index: string, read: (store: Store) => Promise<unknown>][] = [
  ['the team of people', 'teams USING INDEX sqlite_autoindex_teams_1 (id=?)', (store) => store.findPeople('t')],
  ['the people of a team', 'members USING PRIMARY KEY (team_id=?)', (store) => store.findPeople('t')],
  ['standing invitations', 'standing_invitations_of_team (team_id=?)', (store) => store.findPeople('t')],
  ['the teams of a person', 'members_by_person (person_id=?)', (store) => store.teamsOf('p')],
];

test.each(PEOPLE)('%s are found by an index', async (_what, index, read) => {
  const plan = (await planOf(read)).join('\n');
  expect(plan).toContain(index);
  expect(plan).not.toContain('SCAN');
});
