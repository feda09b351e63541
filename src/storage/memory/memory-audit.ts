import {
  type AuditAuthor,
  type AuditEntry,
  type AuditedChange,
  type ChainHead,
  chained,
  EMPTY_CHAIN,
} from '../../core/audit.ts';
import type { AuditQuery } from '../../core/key-store.ts';

/** The audit chains of all teams, in arrays. */
export class MemoryAudit {
  readonly #chains = new Map<string, AuditEntry[]>();

  append(teamId: string, author: AuditAuthor, change: AuditedChange): void {
    const chain = this.#chains.get(teamId) ?? [];
    this.#chains.set(teamId, chain);
    chain.push(chained(this.head(teamId), teamId, author, change));
  }

  head(teamId: string): ChainHead {
    const last = this.#chains.get(teamId)?.at(-1);
    return last === undefined ? EMPTY_CHAIN : { seq: last.seq, hash: last.hash };
  }

  list(teamId: string, { since, subjectId, before, limit }: AuditQuery): AuditEntry[] {
    return (this.#chains.get(teamId) ?? [])
      .filter((entry) => subjectId === null || entry.subjectId === subjectId)
      .filter((entry) => since === null || entry.at >= since)
      .filter((entry) => before === null || entry.seq < before)
      .reverse()
      .slice(0, limit);
  }

  chain(teamId: string, afterSeq: number, limit: number): AuditEntry[] {
    return (this.#chains.get(teamId) ?? []).filter((entry) => entry.seq > afterSeq).slice(0, limit);
  }
}
