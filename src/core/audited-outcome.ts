import type { AuditedChange, AuditFacts } from './audit.ts';

/** How something went that was announced before it was done. */
export type Outcome = 'done' | 'failed';

/** The change as it is announced: about to be done, where the audit log cannot be written in the same transaction. */
export function announced(change: AuditedChange): AuditedChange {
  return { ...change, after: { ...change.after, outcome: 'pending' } };
}

/** What says later how the entry `seq` of the same chain went. */
export function settled(seq: number, outcome: Outcome): AuditedChange {
  const subject = { subjectKind: 'entry', subjectId: entryId(seq), profileId: null } as const;
  return { action: 'outcome', ...subject, before: { outcome: 'pending' }, after: { outcome } };
}

/** How an entry is named as the subject of another one. */
export function entryId(seq: number): string {
  return `entry_${seq}`;
}

/** `null` for facts that are not those of {@link settled}. */
export function outcomeIn(facts: AuditFacts | null): Outcome | null {
  const outcome = facts?.['outcome'];
  return outcome === 'done' || outcome === 'failed' ? outcome : null;
}
