import * as v from 'valibot';
import { wholeNumber } from '../../api/bounds.ts';
import { eventAnswer, eventJson, eventPageAnswer, listEventsQuery, tailEventsQuery } from '../../api/events.ts';
import { profileIdParams } from '../../api/key-requests.ts';
import type { EventFilter } from '../../core/render-event.ts';
import { EVENT_STREAM_TYPE } from '../events/event-frames.ts';
import { type ControlRoute, teamRoute, teamStreamRoute } from './control-route.ts';

const ofProfile = { method: 'GET', action: 'key.read', params: profileIdParams, team: 'profileId' } as const;

/** Node joins a header that came twice with a comma, and no number has one. */
const lastEventId = v.object({ 'last-event-id': v.optional(wholeNumber) });

/** Routes of the control API for render events. */
export const eventRoutes: readonly ControlRoute[] = [
  teamRoute({
    ...ofProfile,
    path: '/v1/profiles/:profileId/events',
    summary:
      'Lists the requests of a profile’s keys, newest first, for as long as they are kept. `profiles=all` takes in the whole team.',
    query: listEventsQuery,
    answer: eventPageAnswer,
    async handle({ profileId, profiles, since = null, cursor = null, limit, ...filter }, { events }) {
      const query = { ...filterOf(filter), profileId, allProfiles: profiles === 'all', since, cursor, limit };
      const { data, nextCursor } = await events.list(query);
      return { data: data.map(eventJson), nextCursor };
    },
  }),
  teamStreamRoute({
    ...ofProfile,
    path: '/v1/profiles/:profileId/events/stream',
    summary:
      'Sends the requests of a profile’s keys as they are answered: server-sent events. `Last-Event-ID` or `after` goes on behind an event; `event: gap` says that some are gone, `event: end` with a problem why the server ends it.',
    query: tailEventsQuery,
    headers: lastEventId,
    streamType: EVENT_STREAM_TYPE,
    answer: eventAnswer,
    handle({ profileId, profiles, after, 'last-event-id': last, ...filter }, { followEvents }, checkAgain) {
      const wish = { ...filterOf(filter), profileId, allProfiles: profiles === 'all', after: last ?? after ?? null };
      return followEvents(wish, checkAgain);
    },
  }),
];

function filterOf({
  keyId,
  status,
  path,
}: { [Field in keyof EventFilter]?: EventFilter[Field] | undefined }): EventFilter {
  return { keyId: keyId ?? null, status: status ?? null, path: path ?? null };
}
