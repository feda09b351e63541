import { isoTime } from '../api/bounds.ts';
import { eventPageAnswer } from '../api/events.ts';
import type { EventService } from '../core/event-service.ts';
import type { EventFilter } from '../core/render-event.ts';
import type { CallControlApi } from './control-api.ts';
import type { EventStreamOptions } from './event-stream.ts';

/** The render events of a server elsewhere, over its control API. */
export function httpEventService(call: CallControlApi, options: EventStreamOptions): EventService {
  return {
    list: ({ profileId, since, cursor, limit, ...filter }) => {
      const query = filterQuery(filter);
      query.set('limit', String(limit));
      if (since !== null) query.set('since', isoTime(since));
      if (cursor !== null) query.set('cursor', cursor);
      return call(`${eventsPath(profileId)}?${query}`, eventPageAnswer);
    },
    async *tail({ profileId, after, ...filter }, signal) {
      // Loaded here, since most commands watch nothing.
      const { eventStream } = await import('./event-stream.ts');
      yield* eventStream(options, `${eventsPath(profileId)}/stream?${filterQuery(filter)}`, after, signal);
    },
  };
}

function eventsPath(profileId: string): string {
  return `/v1/profiles/${encodeURIComponent(profileId)}/events`;
}

function filterQuery({
  keyId,
  status,
  path,
  allProfiles,
}: EventFilter & { readonly allProfiles: boolean }): URLSearchParams {
  const query = new URLSearchParams();
  if (keyId !== null) query.set('keyId', keyId);
  if (status !== null) query.set('status', status.min === status.max ? `${status.min}` : `${status.min}-${status.max}`);
  if (path !== null) query.set('path', path);
  if (allProfiles) query.set('profiles', 'all');
  return query;
}
