import { MAX_EVENT_PAGE_SIZE } from '../../api/events.ts';
import type { EventService, ListEvents } from '../../core/event-service.ts';
import type { StoredEvent } from '../../core/render-event.ts';

/** The newest events, oldest of them first: follows the pages until their end or the limit. */
export async function newestEvents(
  events: EventService,
  query: Omit<ListEvents, 'cursor' | 'limit'>,
  limit: number,
): Promise<{ data: readonly StoredEvent[]; hasMore: boolean }> {
  const data: StoredEvent[] = [];
  let cursor: string | null = null;
  do {
    const page = await events.list({ ...query, cursor, limit: Math.min(MAX_EVENT_PAGE_SIZE, limit - data.length) });
    data.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null && data.length < limit);
  return { data: data.reverse(), hasMore: cursor !== null };
}
