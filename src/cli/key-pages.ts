import { MAX_PAGE_SIZE } from '../api/key-requests.ts';
import type { KeyService, KeySummary, ListKeys } from '../core/key-service.ts';

/** Follows the pages of a list until its end or the limit. */
export async function collectKeys(
  keys: KeyService,
  query: Pick<ListKeys, 'profileId' | 'includeEnded'>,
  limit: number,
): Promise<{ data: KeySummary[]; hasMore: boolean }> {
  const data: KeySummary[] = [];
  let cursor: string | null = null;
  do {
    const page = await keys.list({ ...query, cursor, limit: Math.min(MAX_PAGE_SIZE, limit - data.length) });
    data.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null && data.length < limit);
  return { data, hasMore: cursor !== null };
}
