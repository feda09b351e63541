import type { RawBuilder, Selectable } from 'kysely';
import {
  type AuditAction,
  type AuditAuthor,
  type AuditEntry,
  type AuditedChange,
  type ChainHead,
  chained,
  EMPTY_CHAIN,
} from '../../core/audit.ts';
import type { AuditQuery } from '../../core/key-store.ts';
import { factsFromText, factsText } from './audit-facts.ts';
import type { QueryBuilder } from './dialect.ts';
import type { AuditTable } from './schema.ts';
import { ask, type Script, tell } from './script.ts';
import { queryTemplate } from './statement-template.ts';

/** Entries that belong to another one, with which they are told. */
const OUTCOME: AuditAction = 'outcome';

const auditEntry = queryTemplate<AuditTable, unknown>((db, slot) =>
  db.insertInto('audit').values({
    change_seq: slot('change_seq'),
    team_id: slot('team_id'),
    seq: slot('seq'),
    at: slot('at'),
    actor: slot('actor'),
    session: slot('session'),
    client: slot('client'),
    ip: slot('ip'),
    action: slot('action'),
    subject_kind: slot('subject_kind'),
    subject_id: slot('subject_id'),
    profile_id: slot('profile_id'),
    before: slot('before'),
    after: slot('after'),
    previous_hash: slot('previous_hash'),
    hash: slot('hash'),
  }),
);

/** Appends to the chain of a team behind its head, and returns the number of the entry. The clock row MUST be held since before the head was read: it is what keeps two appends from taking the same one. */
export function* appendAudit(
  db: QueryBuilder,
  changeSeq: number,
  head: ChainHead,
  teamId: string,
  author: AuditAuthor,
  change: AuditedChange,
): Script<number> {
  const entry = chained(head, teamId, author, change);
  const row: AuditTable = {
    change_seq: changeSeq,
    team_id: teamId,
    seq: entry.seq,
    at: entry.at,
    actor: entry.actor,
    session: entry.session,
    client: entry.client,
    ip: entry.ip,
    action: entry.action,
    subject_kind: entry.subjectKind,
    subject_id: entry.subjectId,
    profile_id: entry.profileId,
    before: factsText(entry.before),
    after: factsText(entry.after),
    previous_hash: entry.previousHash,
    hash: entry.hash,
  };
  yield* tell(auditEntry(db, row));
  return entry.seq;
}

export function* auditHead(db: QueryBuilder, teamId: string): Script<ChainHead> {
  return (yield* ask(lastEntry(db, teamId).select(['audit.seq', 'audit.hash'])))[0] ?? EMPTY_CHAIN;
}

/** The entry at the head of the chain of a team, none for an empty one; columns are for the caller to select. */
export function lastEntry(db: QueryBuilder, teamId: string | RawBuilder<string>) {
  return db.selectFrom('audit').where('team_id', '=', teamId).orderBy('audit.seq', 'desc').limit(1);
}

export function* listAudit(db: QueryBuilder, teamId: string, query: AuditQuery): Script<readonly AuditEntry[]> {
  const { since, subjectId, before, limit } = query;
  let page = db.selectFrom('audit').selectAll().where('team_id', '=', teamId).where('action', '!=', OUTCOME);
  if (subjectId !== null) page = page.where('subject_id', '=', subjectId);
  if (since !== null) page = page.where('at', '>=', since);
  if (before !== null) page = page.where('seq', '<', before);
  return (yield* ask(page.orderBy('seq', 'desc').limit(limit))).map(entryFromRow);
}

export function* auditChain(
  db: QueryBuilder,
  teamId: string,
  afterSeq: number,
  limit: number,
): Script<readonly AuditEntry[]> {
  const page = db.selectFrom('audit').selectAll().where('team_id', '=', teamId).where('seq', '>', afterSeq);
  return (yield* ask(page.orderBy('seq').limit(limit))).map(entryFromRow);
}

function entryFromRow(row: Selectable<AuditTable>): AuditEntry {
  return {
    teamId: row.team_id,
    seq: row.seq,
    at: row.at,
    actor: row.actor,
    session: row.session,
    client: row.client,
    ip: row.ip,
    action: row.action,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    profileId: row.profile_id,
    before: factsFromText(row.before),
    after: factsFromText(row.after),
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
