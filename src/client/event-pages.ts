import { MAX_EVENT_PAGE_SIZE } from '../api/events.ts';
import type { EventService, ListEvents } from '../core/event-service.ts';
import { ALL_EVENTS, type StoredEvent } from '../core/render-event.ts';

/** The newest events, oldest of them first: follows the pages until their end or the limit. */
export async function newestEvents(
  events: Pick<EventService, 'list'>,
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

/** The events to show first, and the one behind which a stream begins: between them nothing is lost, nor is anything shown twice. */
export async function eventsUpToNow(
  events: Pick<EventService, 'list'>,
  query: Omit<ListEvents, 'cursor' | 'limit'>,
  limit: number,
): Promise<{ after: number | null; data: readonly StoredEvent[]; hasMore: boolean }> {
  const { profileId, allProfiles } = query;
  // Asked first, so that with a filter too there is a place to go on from.
  const newest = await events.list({ ...ALL_EVENTS, profileId, allProfiles, since: null, cursor: null, limit: 1 });
  const start = newest.data[0]?.seq ?? null;
  const { data, hasMore } = limit === 0 ? { data: [], hasMore: false } : await newestEvents(events, query, limit);
  return { after: data.at(-1)?.seq ?? start, data, hasMore };
}
