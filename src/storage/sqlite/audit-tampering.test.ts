import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withProfiles } from '../../../test/contract/key-store/opened-store.ts';
import { AUTHOR, revoked, sampleKey, TEAM } from '../../../test/contract/key-store/samples.ts';
import { type AuditEntry, type ChainHead, chained, EMPTY_CHAIN, verifyChain } from '../../core/audit.ts';
import { keyChangeOf } from '../../core/audited-change.ts';
import { dataFiles } from './data-files.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

let directory: string;
let kept: ChainHead;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'outkit-tampering-'));
  const store = await openSqliteStore({ directory });
  await withProfiles({ store });
  for (let number = 1; number <= 4; number++) await store.insertKey(sampleKey(number), AUTHOR);
  await store.change(TEAM.id, 'key_0001', AUTHOR, (key) => ({ key: revoked(key), result: null }));
  kept = await store.auditHead(TEAM.id);
  await store.close();
});
afterEach(() => rm(directory, { recursive: true }));

function tamper(work: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(dataFiles(directory).database);
  work(database);
  database.close();
}

/** What is found after the store was opened again: without a head that was kept, and with it. */
async function findings(): Promise<unknown[]> {
  const store = await openSqliteStore({ directory });
  try {
    const entries = await store.auditChain(TEAM.id, 0, 100);
    return [await verifyChain(entries), await verifyChain(entries, kept)];
  } finally {
    await store.close();
  }
}

const both = (finding: object) => [finding, finding];

test('what nobody touched is intact', async () => {
  expect(await findings()).toEqual(both({ kind: 'intact', head: kept }));
});

test.each([
  'at = at + 1',
  "actor = 'mallory'",
  "session = 'session_2222222222222222'",
  'client = null',
  "ip = '192.0.2.1'",
  "action = 'key.revoke'",
  "action = 'nothing of ours'",
  "subject_kind = 'profile'",
  "subject_id = 'key_9'",
  "profile_id = 'prof_9'",
  'profile_id = null',
  'before = after',
  "after = replace(after, 'Key', 'Yek')",
  "after = '{'",
  "after = '[1]'",
  `after = '{"name":{"a":1}}'`,
  'after = null',
  'previous_hash = hash',
  'hash = previous_hash',
])('an edited field is found: %s', async (edit) => {
  tamper((database) => database.exec(`update audit set ${edit} where team_id = '${TEAM.id}' and seq = 4`));
  expect(await findings()).toEqual(both({ kind: 'broken', seq: 4 }));
});

test.each([1, 2, 6])('a removed row is found: entry %i', async (seq) => {
  tamper((database) => database.exec(`delete from audit where team_id = '${TEAM.id}' and seq = ${seq}`));
  expect(await findings()).toEqual(both({ kind: 'missing', seq }));
});

test('rows that moved up into a gap are found', async () => {
  tamper((database) => {
    database.exec(`delete from audit where team_id = '${TEAM.id}' and seq = 4`);
    for (const seq of [5, 6, 7]) {
      database.exec(`update audit set seq = ${seq - 1} where team_id = '${TEAM.id}' and seq = ${seq}`);
    }
  });
  expect(await findings()).toEqual(both({ kind: 'broken', seq: 4 }));
});

test('two rows that changed places are found', async () => {
  tamper((database) => {
    for (const [from, to] of [
      [4, 99],
      [5, 4],
      [99, 5],
    ]) {
      database.exec(`update audit set seq = ${to} where team_id = '${TEAM.id}' and seq = ${from}`);
    }
  });
  expect(await findings()).toEqual(both({ kind: 'broken', seq: 4 }));
});

test('a row put between is found, even one that fits what is before it', async () => {
  tamper((database) => {
    for (const seq of [7, 6, 5]) {
      database.exec(`update audit set seq = ${seq + 1} where team_id = '${TEAM.id}' and seq = ${seq}`);
    }
    const [before] = rowsOf(database, 4);
    insert(database, 1_000, chained(before as ChainHead, TEAM.id, AUTHOR, keyChangeOf(null, sampleKey(9))));
  });
  expect(await findings()).toEqual(both({ kind: 'broken', seq: 6 }));
});

test('a tail that was cut off is found with the head that was kept', async () => {
  tamper((database) => database.exec(`delete from audit where team_id = '${TEAM.id}' and seq > 5`));
  expect(await findings()).toEqual([
    { kind: 'intact', head: expect.objectContaining({ seq: 5 }) },
    { kind: 'cut_off', seq: 5 },
  ]);
});

test('a chain that was written anew is found with the head that was kept', async () => {
  tamper((database) => {
    database.exec(`delete from audit where team_id = '${TEAM.id}'`);
    let head = EMPTY_CHAIN;
    for (let number = 1; number <= 9; number++) {
      const entry = chained(head, TEAM.id, { ...AUTHOR, actor: 'mallory' }, keyChangeOf(null, sampleKey(number)));
      insert(database, 1_000 + number, entry);
      head = entry;
    }
  });
  expect(await findings()).toEqual([
    { kind: 'intact', head: expect.objectContaining({ seq: 9 }) },
    { kind: 'rewritten', seq: kept.seq },
  ]);
});

function rowsOf(database: DatabaseSync, seq: number): unknown[] {
  return database.prepare('select seq, hash from audit where team_id = ? and seq = ?').all(TEAM.id, seq);
}

function insert(database: DatabaseSync, changeSeq: number, entry: AuditEntry): void {
  const { teamId, seq, at, actor, session, client, ip, action, subjectKind, subjectId, profileId, previousHash, hash } =
    entry;
  const what = [action, subjectKind, subjectId, profileId, null, JSON.stringify(entry.after)];
  database.exec(`insert into changes (seq, kind, subject_id, at) values (${changeSeq}, 'key', 'key_9', 0)`);
  database
    .prepare(`insert into audit values (${Array(16).fill('?').join(', ')})`)
    .run(changeSeq, teamId, seq, at, actor, session, client, ip, ...what, previousHash, hash);
}
