import { sql } from 'kysely';
import type { AuditAuthor, AuditedChange } from '../../core/audit.ts';
import { appendAudit } from './audit-scripts.ts';
import type { QueryBuilder } from './dialect.ts';
import { ask, type Script } from './script.ts';

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
  const tick = db
    .updateTable('change_clock')
    .set((eb) => ({ seq: eb('seq', '+', 1), at: later(Math.max(at ?? 0, author.at)) }))
    .returning(['seq', 'at']);
  const [ticked] = yield* ask(tick);
  if (ticked === undefined) throw new Error('the log of changes has no clock');
  yield* ask(db.insertInto('changes').values({ seq: ticked.seq, kind, subject_id: subjectId, at: ticked.at }));
  return yield* appendAudit(db, ticked.seq, teamId, { ...author, at: ticked.at }, change);
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
  yield* ask(db.updateTable('change_clock').set({ at: time }).where('at', '<', time));
}

/** Writes what is there already: a database that takes no writes is found out now, not by the first revoke. */
export function* proveWritable(db: QueryBuilder): Script<void> {
  yield* ask(db.updateTable('change_clock').set((eb) => ({ seq: eb.ref('seq') })));
}

function later(time: number) {
  return sql<number>`case when at < ${time} then ${time} else at end`;
}
