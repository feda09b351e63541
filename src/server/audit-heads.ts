import type { ChainHead } from '../core/audit.ts';
import { HOUR_MS } from '../core/clock.ts';
import type { KeyStore } from '../core/key-store.ts';

interface AuditHeadListeners {
  readonly onAuditHead: (head: ChainHead, teamId: string) => void | Promise<void>;
  readonly onProblem: (what: string, error: unknown) => void;
}

/** Tells the head of each team's audit chain once an hour until `stop`, and when asked to; each time only those that have moved since. */
export function tellAuditHeads(
  store: Pick<KeyStore, 'auditHead' | 'listTeams'>,
  { onAuditHead, onProblem }: AuditHeadListeners,
): { tell(): Promise<void>; stop(): void } {
  const told = new Map<string, number>();
  const tell = async () => {
    for (const { id } of await store.listTeams()) {
      const head = await store.auditHead(id);
      if (head.seq === (told.get(id) ?? 0)) continue;
      await onAuditHead(head, id);
      told.set(id, head.seq);
    }
  };
  const timer = setInterval(() => void tell().catch((error) => onProblem('audit heads not told', error)), HOUR_MS);
  return { tell, stop: () => clearInterval(timer) };
}
