import { type RawBuilder, sql } from 'kysely';
import { type AuditAuthor, type AuditedChange, type ChainHead, EMPTY_CHAIN } from '../../core/audit.ts';
import { appendAudit, lastEntry } from './audit-scripts.ts';
import type { QueryBuilder } from './dialect.ts';
import type { ChangesTable } from './schema.ts';
import { ask, type Script, tell } from './script.ts';
import { queryTemplate } from './statement-template.ts';

/** The clock and the head of the audit chain of a team, in a transaction that holds the clock: nobody ticks or appends until it commits. */
export interface HeldClock {
  readonly seq: number;
  readonly at: number;
  readonly head: ChainHead;
}

/** As a row has them; no head of an empty chain. */
export interface ClockRow {
  readonly clock_seq: number;
  readonly clock_at: number;
  readonly head_seq: number | null;
  readonly head_hash: string | null;
}

/** The clock, and the head of the chain of a team. One row. */
export function clockAndHead(db: QueryBuilder, teamId: RawBuilder<string>) {
  const last = lastEntry(db, teamId);
  return db
    .selectFrom('change_clock')
    .select(['change_clock.seq as clock_seq', 'change_clock.at as clock_at'])
    .select([last.select('audit.seq').as('head_seq'), last.select('audit.hash').as('head_hash')]);
}

export function heldClockFrom(row: ClockRow | undefined): HeldClock {
  if (row === undefined) throw new Error('the log of changes has no clock');
  const { clock_seq: seq, clock_at: at, head_seq, head_hash } = row;
  const head = head_seq === null || head_hash === null ? EMPTY_CHAIN : { seq: head_seq, hash: head_hash };
  return { seq, at, head };
}

const clockLock = queryTemplate<object, unknown>((db) => db.selectFrom('change_clock').select('seq').forNoKeyUpdate());

const headOfTeam = queryTemplate<{ readonly teamId: string }, ClockRow>((db, slot) => clockAndHead(db, slot('teamId')));

/** Holds the clock until the transaction ends. Whoever holds other rows too MUST hold them before, but for those that nobody touches without the clock. */
export function* holdClock(db: QueryBuilder, teamId: string): Script<HeldClock> {
  yield* tell(clockLock(db, {}));
  return heldClockFrom((yield* ask(headOfTeam(db, { teamId })))[0]);
}

const setClock = queryTemplate<{ readonly seq: number; readonly at: number }, unknown>((db, slot) => {
  // Time never falls, whatever was held.
  const at = sql<number>`case when at < ${slot('at')} then ${slot('at')} else at end`;
  return db.updateTable('change_clock').set({ seq: slot('seq'), at });
});

const logEntry = queryTemplate<ChangesTable, unknown>((db, slot) =>
  db
    .insertInto('changes')
    .values({ seq: slot('seq'), kind: slot('kind'), subject_id: slot('subject_id'), at: slot('at') }),
);

/**
 * Appends a change to the log, and to the audit chain of the team, and returns its number in that chain. `at` is the time that the change states
 * (`null`: none). Of a clock that was held only one change can be appended: whoever appends more holds it again. The clock stays locked until the
 * commit, so that the order of `seq` is the order of the commits, and nobody else appends to the chain meanwhile.
 */
export function* appendChange(
  db: QueryBuilder,
  clock: HeldClock,
  teamId: string,
  author: AuditAuthor,
  change: AuditedChange,
  at: number | null,
): Script<number> {
  const { subjectKind, subjectId } = change;
  const kind = subjectKind === 'key' || subjectKind === 'profile' ? subjectKind : 'people';
  const seq = clock.seq + 1;
  const tickedAt = Math.max(clock.at, at ?? 0, author.at);
  yield* tell(setClock(db, { seq, at: tickedAt }));
  yield* tell(logEntry(db, { seq, kind, subject_id: subjectId, at: tickedAt }));
  return yield* appendAudit(db, seq, clock.head, teamId, { ...author, at: tickedAt }, change);
}

/** The same of a clock that is not held yet: it has to be the last thing that is done to a team. */
export function* recordChange(
  db: QueryBuilder,
  teamId: string,
  author: AuditAuthor,
  change: AuditedChange,
  at: number | null,
): Script<number> {
  const clock = yield* holdClock(db, teamId);
  return yield* appendChange(db, clock, teamId, author, change, at);
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
