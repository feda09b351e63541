import type { AuditEntry } from '../core/audit.ts';
import type { AuditService, ListedEntry } from '../core/audit-service.ts';
import type { Caller, KeyServicePorts } from './key-service-ports.ts';

/** A profile with all its tokens is told twice in an entry, before and after: so many of them stay well below what a client reads. */
const CHAIN_PAGE_SIZE = 30;

/** The audit log of the caller's team. */
export function auditServices(
  { store, cursors }: Pick<KeyServicePorts, 'store' | 'cursors'>,
  { teamId }: Caller,
): AuditService {
  return {
    async list({ since, keyId, cursor, limit }) {
      const listName = `audit ${teamId} ${since} ${keyId}`;
      const before = cursor === null ? null : Number(cursors.read(listName, cursor).id);
      const found = await store.listAudit(teamId, { since, subjectId: keyId, before, limit: limit + 1 });
      const data = found.slice(0, limit);
      const last = data.at(-1);
      const isLast = last === undefined || found.length <= limit;
      const nextCursor = isLast ? null : cursors.write(listName, { createdAt: last.at, id: String(last.seq) });
      return { data: await withOutcomes(data), nextCursor };
    },
    async chain(after) {
      const found = await store.auditChain(teamId, after, CHAIN_PAGE_SIZE + 1);
      return { data: found.slice(0, CHAIN_PAGE_SIZE), hasMore: found.length > CHAIN_PAGE_SIZE };
    },
  };

  async function withOutcomes(entries: readonly AuditEntry[]): Promise<ListedEntry[]> {
    const announced = entries.filter(({ after }) => after?.['outcome'] === 'pending').map(({ seq }) => seq);
    const outcomes = announced.length === 0 ? new Map() : await store.outcomesOf(teamId, announced);
    return entries.map((entry) => ({
      ...entry,
      outcome: announced.includes(entry.seq) ? (outcomes.get(entry.seq) ?? 'unknown') : null,
    }));
  }
}
