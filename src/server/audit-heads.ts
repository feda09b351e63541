import type { ChainHead } from '../core/audit.ts';
import { HOUR_MS } from '../core/clock.ts';
import type { KeyStore } from '../core/key-store.ts';

interface AuditHeadListeners {
  readonly onAuditHead: (head: ChainHead) => void;
  readonly onProblem: (what: string, error: unknown) => void;
}

/** Tells the head of a team's audit chain once an hour until `stop`, and when asked to; each time only if it has moved since. */
export function tellAuditHeads(
  store: Pick<KeyStore, 'auditHead'>,
  teamId: string,
  { onAuditHead, onProblem }: AuditHeadListeners,
): { tell(): Promise<void>; stop(): void } {
  let told = 0;
  const tell = async () => {
    const head = await store.auditHead(teamId);
    if (head.seq === told) return;
    told = head.seq;
    onAuditHead(head);
  };
  const timer = setInterval(() => void tell().catch((error) => onProblem('audit head unknown', error)), HOUR_MS);
  return { tell, stop: () => clearInterval(timer) };
}
