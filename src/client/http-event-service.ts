import { isoTime } from '../api/bounds.ts';
import { eventPageAnswer } from '../api/events.ts';
import type { EventService } from '../core/event-service.ts';
import type { EventFilter } from '../core/render-event.ts';
import type { CallControlApi } from './control-api.ts';
import type { EventStreamOptions } from './event-stream.ts';

/** The render events of a server elsewhere, over its control API. */
export function httpEventService(call: CallControlApi, options: EventStreamOptions): EventService {
  return {
    ...httpEventHistory(call),
    async *tail({ profileId, allProfiles, after, ...filter }, signal) {
      // Loaded here, since most commands watch nothing.
      const { eventStream } = await import('./event-stream.ts');
      const query = eventQuery(filter, allProfiles);
      yield* eventStream(options, `${eventsPath(profileId)}/stream?${query}`, after, signal);
    },
  };
}

/** What of them is history. */
export function httpEventHistory(call: CallControlApi): Pick<EventService, 'list'> {
  return {
    list: ({ profileId, allProfiles, since, cursor, limit, ...filter }) => {
      const query = eventQuery(filter, allProfiles);
      query.set('limit', String(limit));
      if (since !== null) query.set('since', isoTime(since));
      if (cursor !== null) query.set('cursor', cursor);
      return call(`${eventsPath(profileId)}?${query}`, eventPageAnswer);
    },
  };
}

function eventsPath(profileId: string): string {
  return `/v1/profiles/${encodeURIComponent(profileId)}/events`;
}

/** What history and live log have in common in their query. */
function eventQuery({ keyId, status, path }: EventFilter, allProfiles: boolean): URLSearchParams {
  const query = new URLSearchParams();
  if (keyId !== null) query.set('keyId', keyId);
  if (status !== null) query.set('status', `${status.min}-${status.max}`);
  if (path !== null) query.set('path', path);
  if (allProfiles) query.set('profiles', 'all');
  return query;
}
