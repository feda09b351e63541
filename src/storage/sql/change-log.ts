import { sql } from 'kysely';
import { type AuditAuthor, type AuditedChange, type ChainHead, EMPTY_CHAIN } from '../../core/audit.ts';
import { appendAudit, lastEntry } from './audit-scripts.ts';
import type { QueryBuilder } from './dialect.ts';
import type { ChangesTable } from './schema.ts';
import { ask, type Script, tell } from './script.ts';
import { queryTemplate } from './statement-template.ts';

/**
 * Appends a change to the log, and to the audit chain of the team, and returns its number in that chain. `at` is the time that the change states (`null`: none). It has to be
 * the last thing that a transaction does: the clock row stays locked until the commit, so that the order of `seq` is the order of the
 * commits, and nobody else appends to the chain meanwhile.
 */
export function* recordChange(
  db: QueryBuilder,
  teamId: string,
  author: AuditAuthor,
  change: AuditedChange,
  at: number | null,
): Script<number> {
  const { subjectKind, subjectId } = change;
  const kind = subjectKind === 'key' || subjectKind === 'profile' ? subjectKind : 'people';
  yield* tell(tick(db, { at: Math.max(at ?? 0, author.at) }));
  const { seq, at: tickedAt, head } = yield* readHead(db, teamId);
  yield* tell(logEntry(db, { seq, kind, subject_id: subjectId, at: tickedAt }));
  return yield* appendAudit(db, seq, head, teamId, { ...author, at: tickedAt }, change);
}

const tick = queryTemplate<{ readonly at: number }, unknown>((db, slot) => {
  const at = sql<number>`case when at < ${slot('at')} then ${slot('at')} else at end`;
  return db.updateTable('change_clock').set((eb) => ({ seq: eb('seq', '+', 1), at }));
});

const logEntry = queryTemplate<ChangesTable, unknown>((db, slot) =>
  db
    .insertInto('changes')
    .values({ seq: slot('seq'), kind: slot('kind'), subject_id: slot('subject_id'), at: slot('at') }),
);

const clockAndHead = queryTemplate<{ readonly teamId: string }, ClockAndHead>((db, slot) => {
  const last = lastEntry(db, slot('teamId'));
  return db
    .selectFrom('change_clock')
    .select(['change_clock.seq', 'change_clock.at'])
    .select([last.select('audit.seq').as('head_seq'), last.select('audit.hash').as('head_hash')]);
});

interface ClockAndHead {
  readonly seq: number;
  readonly at: number;
  readonly head_seq: number | null;
  readonly head_hash: string | null;
}

/** The clock as it is now, and the head of the audit chain of a team: where it ticked in this transaction, nobody appends meanwhile. */
function* readHead(db: QueryBuilder, teamId: string) {
  const [row] = yield* ask(clockAndHead(db, { teamId }));
  if (row === undefined) throw new Error('the log of changes has no clock');
  const { seq, at, head_seq, head_hash } = row;
  const head: ChainHead = head_seq === null || head_hash === null ? EMPTY_CHAIN : { seq: head_seq, hash: head_hash };
  return { seq, at, head };
}

export function* greatestTime(db: QueryBuilder): Script<number> {
  const [clock] = yield* ask(db.selectFrom('change_clock').select('at'));
  return clock?.at ?? 0;
}

/** The `seq` of the last change. */
export function* position(db: QueryBuilder): Script<number> {
  const [clock] = yield* ask(db.selectFrom('change_clock').select('seq'));
  return clock?.seq ?? 0;
}

/** Lets the next change come after `seq`, so that no two changes of one history share a number. */
export function* skipTo(db: QueryBuilder, seq: number): Script<void> {
  yield* ask(db.updateTable('change_clock').set({ seq }).where('seq', '<', seq));
}

export function* persistTime(db: QueryBuilder, time: number): Script<void> {
  yield* tell(db.updateTable('change_clock').set({ at: time }).where('at', '<', time));
}

/** Writes what is there already: a database that takes no writes is found out now, not by the first revoke. */
export function* proveWritable(db: QueryBuilder): Script<void> {
  yield* ask(db.updateTable('change_clock').set((eb) => ({ seq: eb.ref('seq') })));
}
