import * as v from 'valibot';
import type { AuditEntry } from '../core/audit.ts';
import type { ListedEntry } from '../core/audit-service.ts';
import { answerTime, isoTime, keyId, utcTime, wholeNumber } from './bounds.ts';
import { teamQuery } from './profiles.ts';

/** What the control API takes and answers about the audit log. */

/** 64 tokens before and after a change make an entry long: a page of this many stays below what a client reads. */
export const MAX_AUDIT_PAGE_SIZE = 30;

export const listAuditQuery = v.strictObject({
  ...teamQuery.entries,
  since: v.optional(utcTime),
  keyId: v.optional(keyId),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(512))),
  limit: v.optional(
    v.pipe(wholeNumber, v.minValue(1), v.maxValue(MAX_AUDIT_PAGE_SIZE, `must be from 1 to ${MAX_AUDIT_PAGE_SIZE}`)),
    String(MAX_AUDIT_PAGE_SIZE),
  ),
});

export const auditChainQuery = v.strictObject({ ...teamQuery.entries, after: v.optional(wholeNumber, '0') });

/** An entry for people. */
export function auditJson(entry: ListedEntry) {
  return { ...chainJson(entry), at: isoTime(entry.at), outcome: entry.outcome };
}

/** An entry as its hash was made of it: times are the numbers that are stored. */
export function chainJson(entry: AuditEntry) {
  return {
    teamId: entry.teamId,
    seq: entry.seq,
    at: entry.at,
    actor: entry.actor,
    session: entry.session,
    client: entry.client,
    ip: entry.ip,
    action: entry.action,
    subjectKind: entry.subjectKind,
    subjectId: entry.subjectId,
    profileId: entry.profileId,
    before: entry.before,
    after: entry.after,
    previousHash: entry.previousHash,
    hash: entry.hash,
  };
}

const textOrNull = v.nullable(v.string());
const facts = v.nullable(v.record(v.string(), v.nullable(v.union([v.string(), v.number()]))));

const entries = {
  teamId: v.string(),
  seq: v.number(),
  actor: v.string(),
  session: textOrNull,
  client: textOrNull,
  ip: textOrNull,
  action: v.string(),
  subjectKind: v.string(),
  subjectId: v.string(),
  profileId: textOrNull,
  before: facts,
  after: facts,
  previousHash: v.string(),
  hash: v.string(),
};

export const auditPageAnswer = v.object({
  data: v.array(
    v.object({ ...entries, at: answerTime, outcome: v.nullable(v.picklist(['done', 'failed', 'unknown'])) }),
  ),
  nextCursor: textOrNull,
});

export const chainPageAnswer = v.object({
  data: v.array(v.object({ ...entries, at: v.number() })),
  hasMore: v.boolean(),
});
