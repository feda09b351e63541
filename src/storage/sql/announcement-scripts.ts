import type { AuditAuthor, AuditedChange } from '../../core/audit.ts';
import { announced, entryId, type Outcome, outcomeIn, settled } from '../../core/audited-outcome.ts';
import type { Announcement } from '../../core/people-store.ts';
import { factsFromText } from './audit-facts.ts';
import { recordChange } from './change-log.ts';
import type { QueryBuilder } from './dialect.ts';
import { ask, type Script } from './script.ts';

export function* announce(
  db: QueryBuilder,
  teamIds: readonly string[],
  author: AuditAuthor,
  change: AuditedChange,
): Script<readonly Announcement[]> {
  const announcements: Announcement[] = [];
  for (const teamId of teamIds) {
    announcements.push({ teamId, seq: yield* recordChange(db, teamId, author, announced(change), null) });
  }
  return announcements;
}

export function* settle(
  db: QueryBuilder,
  announcements: readonly Announcement[],
  author: AuditAuthor,
  outcome: Outcome,
): Script<void> {
  for (const { teamId, seq } of announcements) yield* recordChange(db, teamId, author, settled(seq, outcome), null);
}

export function* outcomesOf(
  db: QueryBuilder,
  teamId: string,
  seqs: readonly number[],
): Script<ReadonlyMap<number, Outcome>> {
  const outcomes = new Map<number, Outcome>();
  if (seqs.length === 0) return outcomes;
  const seqsById = new Map(seqs.map((seq) => [entryId(seq), seq]));
  const found = db
    .selectFrom('audit')
    .select(['subject_id', 'after'])
    .where('team_id', '=', teamId)
    .where('subject_id', 'in', [...seqsById.keys()])
    .where('action', '=', 'outcome');
  for (const { subject_id, after } of yield* ask(found.orderBy('subject_id').orderBy('seq'))) {
    const seq = seqsById.get(subject_id);
    const outcome = outcomeIn(factsFromText(after));
    if (seq !== undefined && outcome !== null) outcomes.set(seq, outcome);
  }
  return outcomes;
}
