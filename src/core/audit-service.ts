import type { AuditEntry } from './audit.ts';

export interface ListAudit {
  /** That team of the caller, else the only one. */
  readonly teamId?: string;
  /** Epoch milliseconds; `null` goes back to the first entry. */
  readonly since: number | null;
  /** `null` is about everything. */
  readonly keyId: string | null;
  readonly cursor: string | null;
  /** 1 to 100. */
  readonly limit: number;
}

/** An entry in a list. `outcome` is of what was announced there and done elsewhere: `unknown` while nothing was said of how it went. */
export interface ListedEntry extends AuditEntry {
  readonly outcome: 'done' | 'failed' | 'unknown' | null;
}

export interface AuditPage {
  readonly data: readonly ListedEntry[];
  /** Opaque; `null` on the last page. */
  readonly nextCursor: string | null;
}

export interface ChainPage {
  readonly data: readonly AuditEntry[];
  readonly hasMore: boolean;
}

/** The audit log of the caller's team. Throws an {@link OutkitError}, `bad_request` for a cursor that is none of this list. */
export interface AuditService {
  /** Newest first. A key of another team has no entries here, as a missing one has none. */
  list(query: ListAudit): Promise<AuditPage>;
  /** Entries as they are stored, oldest first, from behind `after`: for `verifyChain` of whoever does not take our word for it. */
  chain(after: number, teamId?: string): Promise<ChainPage>;
}

/** All entries of the chain, page by page. */
export async function* chainEntries(audit: AuditService, teamId?: string): AsyncGenerator<AuditEntry> {
  let page: ChainPage;
  let after = 0;
  do {
    page = await audit.chain(after, teamId);
    yield* page.data;
    after = page.data.at(-1)?.seq ?? after;
  } while (page.hasMore);
}
