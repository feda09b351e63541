import {
  type AuditAuthor,
  type AuditEntry,
  type AuditedChange,
  type ChainHead,
  chained,
  EMPTY_CHAIN,
} from '../../core/audit.ts';
import { entryId, type Outcome, outcomeIn } from '../../core/audited-outcome.ts';
import type { AuditQuery } from '../../core/key-store.ts';

/** The audit chains of all teams, in arrays. */
export class MemoryAudit {
  readonly #chains = new Map<string, AuditEntry[]>();

  /** Returns the number of the entry. */
  append(teamId: string, author: AuditAuthor, change: AuditedChange): number {
    const chain = this.#chains.get(teamId) ?? [];
    this.#chains.set(teamId, chain);
    return chain.push(chained(this.head(teamId), teamId, author, change));
  }

  head(teamId: string): ChainHead {
    const last = this.#chains.get(teamId)?.at(-1);
    return last === undefined ? EMPTY_CHAIN : { seq: last.seq, hash: last.hash };
  }

  list(teamId: string, { since, subjectId, before, limit }: AuditQuery): AuditEntry[] {
    return (this.#chains.get(teamId) ?? [])
      .filter(({ action }) => action !== 'outcome')
      .filter((entry) => subjectId === null || entry.subjectId === subjectId)
      .filter((entry) => since === null || entry.at >= since)
      .filter((entry) => before === null || entry.seq < before)
      .reverse()
      .slice(0, limit);
  }

  outcomesOf(teamId: string, seqs: readonly number[]): Map<number, Outcome> {
    const entries = (this.#chains.get(teamId) ?? []).filter(({ action }) => action === 'outcome');
    const outcomes = new Map<number, Outcome>();
    for (const seq of seqs) {
      const outcome = outcomeIn(entries.findLast(({ subjectId }) => subjectId === entryId(seq))?.after ?? null);
      if (outcome !== null) outcomes.set(seq, outcome);
    }
    return outcomes;
  }

  chain(teamId: string, afterSeq: number, limit: number): AuditEntry[] {
    return (this.#chains.get(teamId) ?? []).filter((entry) => entry.seq > afterSeq).slice(0, limit);
  }
}
