import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventsOf } from '../../../test/contract/event-store/samples.ts';
import { PostgresDatabase } from '../../../test/postgres-database.ts';
import type { Executor, Script } from '../sql/script.ts';
import { SqlKeyStore } from '../sql/sql-key-store.ts';
import type { Store } from '../store.ts';
import { openPostgresStore } from './open-postgres-store.ts';
import { postgresDialect } from './postgres-dialect.ts';

const database = new PostgresDatabase();
let client: pg.Client;
beforeEach(async () => {
  await (await openPostgresStore(database.url)).close();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  // The tables are empty: whoever may read one as a whole would.
  await client.query('set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off');
});
afterEach(() => client?.end());

/** Runs nothing: answers the first reads with these rows and each other one with none, and notes how the server would have found them. */
async function planOf(read: (store: Store) => Promise<unknown>, answers: readonly unknown[][] = []): Promise<string> {
  const steps: string[] = [];
  const rows = [...answers];
  const explain = async <Result>(script: Script<Result>): Promise<Result> => {
    let step = script.next([]);
    while (step.done !== true) {
      const { sql, parameters } = step.value;
      const plan = await client.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, [...parameters]);
      steps.push(...plan.rows.map((row) => row['QUERY PLAN']));
      step = script.next(rows.shift() ?? []);
    }
    return step.value;
  };
  const executor: Executor = { read: explain, lookUp: explain, write: explain, close: async () => {} };
  await read(new SqlKeyStore(executor, postgresDialect));
  return steps.join('\n');
}

const page = { profileId: 'p', now: 5, limit: 20 };
const all = { ...page, includeEnded: true };
const live = { ...page, includeEnded: false };
const position = { createdAt: 5, id: 'k' };
const NEWEST = { since: null, subjectId: null, before: null, limit: 10 };

const READS: [what: string, index: string, read: (store: Store) => Promise<unknown>][] = [
  ['a profile', 'profiles_team_id_id_key', (store) => store.findProfile('t', 'p')],
  ['the profiles of a team', 'profiles_of_team', (store) => store.listProfiles('t')],
  ['a key', 'key_secrets_key_id_ordinal_key', (store) => store.findKey('t', 'k')],
  ['a key by a hash', 'key_secrets_pkey', (store) => store.findKeyByHash('ab'.repeat(32))],
  ['a first page', 'keys_of_profile', (store) => store.listKeys('t', { ...all, after: null })],
  ['a later page', 'ROW(created_at, id) < ROW(', (store) => store.listKeys('t', { ...all, after: position })],
  ['live keys', 'keys_of_profile', (store) => store.listKeys('t', { ...live, after: null })],
  ['a prefix', 'keys_of_team', (store) => store.keysByIdPrefix('t', 'key_', 10)],
  ['a page of every key', 'keys_pkey', (store) => store.allKeys('k', 100)],
  ['usage of a key', 'usage_pkey', (store) => store.usageOf('k', 0)],
  ['usage of several keys', 'usage_pkey', (store) => store.usageOfKeys(['k', 'l'], 0)],
  ['last uses', 'key_last_used_pkey', (store) => store.lastUsesOf(['k', 'l'])],
  ['the audit log', 'audit_team_id_seq_key', (store) => store.listAudit('t', NEWEST)],
  ['the audit log of a key', 'audit_of_subject', (store) => store.listAudit('t', { ...NEWEST, subjectId: 'k' })],
  ['the audit chain', 'audit_team_id_seq_key', (store) => store.auditChain('t', 3, 10)],
  ['the head of the audit chain', 'audit_team_id_seq_key', (store) => store.auditHead('t')],
  ['how entries went', 'audit_of_subject', (store) => store.outcomesOf('t', [3, 4])],
  ['an invitation by its token', 'invitations_token_hash_key', (store) => store.findInvitation('ab'.repeat(32))],
  ['invitations by address', 'standing_invitations_for', (store) => store.invitationsFor('a@b')],
  ['the teams of a person', 'members_by_person', (store) => store.teamsOf('p')],
  ['the people of a team', 'standing_invitations_of_team', (store) => store.findPeople('t')],
];

test.each(READS)('%s is found by an index', async (_what, index, read) => {
  const plan = await planOf(read);
  expect(plan).toContain(index);
  expect(plan).not.toContain('Seq Scan');
});

test.each([
  ['of a profile', {}, 'segment_profiles_pkey'],
  ['of a key', { keyId: 'k', before: 4 }, 'segment_keys_pkey'],
] as const)('events %s are found by an index in a part of the log', async (_what, query, index) => {
  const plan = await planOf((store) => store.listEvents(eventsOf(query)), [[{ last_seq: 5 }]]);
  expect(plan).toContain(index);
  expect(plan).not.toMatch(/Seq Scan on (event_segments|segment_)/);
});
