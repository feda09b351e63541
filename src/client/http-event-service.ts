import { isoTime } from '../api/bounds.ts';
import { eventPageAnswer } from '../api/events.ts';
import type { EventService } from '../core/event-service.ts';
import type { EventFilter } from '../core/render-event.ts';
import type { CallControlApi } from './control-api.ts';

/** The history of render events of a server elsewhere, over its control API. */
export function httpEventHistory(call: CallControlApi): Pick<EventService, 'list'> {
  return {
    list: ({ profileId, allProfiles, since, cursor, limit, ...filter }) => {
      const query = eventQuery(filter, allProfiles);
      query.set('limit', String(limit));
      if (since !== null) query.set('since', isoTime(since));
      if (cursor !== null) query.set('cursor', cursor);
      return call(`/v1/profiles/${encodeURIComponent(profileId)}/events?${query}`, eventPageAnswer);
    },
  };
}

/** What history and live log have in common in their query. */
export function eventQuery({ keyId, status, path }: EventFilter, allProfiles: boolean): URLSearchParams {
  const query = new URLSearchParams();
  if (keyId !== null) query.set('keyId', keyId);
  if (status !== null) query.set('status', `${status.min}-${status.max}`);
  if (path !== null) query.set('path', path);
  if (allProfiles) query.set('profiles', 'all');
  return query;
}
