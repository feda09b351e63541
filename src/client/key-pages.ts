import { MAX_PAGE_SIZE } from '../api/key-requests.ts';
import type { KeyActivity, KeyService, KeySummary, ListKeys } from '../core/key-service.ts';

/** Follows the pages of a list until its end or the limit of those that `fits` takes. */
export async function collectKeys(
  keys: KeyService,
  query: Pick<ListKeys, 'profileId' | 'includeEnded'>,
  limit: number,
  fits: ((key: KeySummary) => boolean) | null = null,
): Promise<{ data: KeySummary[]; hasMore: boolean }> {
  const data: KeySummary[] = [];
  let cursor: string | null = null;
  do {
    const pageSize = fits === null ? Math.min(MAX_PAGE_SIZE, limit - data.length) : MAX_PAGE_SIZE;
    const page = await keys.list({ ...query, cursor, limit: pageSize });
    data.push(...(fits === null ? page.data : page.data.filter(fits)));
    cursor = page.nextCursor;
  } while (cursor !== null && data.length < limit);
  return { data: data.slice(0, limit), hasMore: cursor !== null || data.length > limit };
}

/** The activity of the keys that {@link collectKeys} collects. */
export async function collectActivity(
  keys: KeyService,
  query: Pick<ListKeys, 'profileId' | 'includeEnded'>,
  limit: number,
): Promise<{ since: number; data: KeyActivity[] }> {
  const data: KeyActivity[] = [];
  let since = 0;
  let cursor: string | null = null;
  do {
    const page = await keys.activity({ ...query, cursor, limit: Math.min(MAX_PAGE_SIZE, limit - data.length) });
    data.push(...page.data);
    since = page.since;
    cursor = page.nextCursor;
  } while (cursor !== null && data.length < limit);
  return { since, data };
}
