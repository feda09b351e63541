import { keepPreviousData, type QueryClient, type QueryKey, queryOptions } from '@tanstack/react-query';
import { MAX_AUDIT_PAGE_SIZE } from '../../../src/api/audit.ts';
import { MAX_EVENT_PAGE_SIZE } from '../../../src/api/events.ts';
import { collectActivity, collectKeys } from '../../../src/client/key-pages.ts';
import { HOUR_MS } from '../../../src/core/clock.ts';
import { ALL_EVENTS } from '../../../src/core/render-event.ts';
import { services } from './services.ts';

/** Every question that the dashboard asks the server, each under one name, so that all parts share the answer. */

/** Of one profile; whoever has more finds them by the command line. */
export const MAX_KEYS = 1_000;

const LIVE_MS = 10_000;
const CALM_MS = 30_000;
/** Of what somebody watches while it changes. */
const WATCHED_MS = 3_000;

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => services.me.me(),
  refetchInterval: CALM_MS,
});

/** The profiles of a team, archived ones too. */
export const profilesQuery = (teamId: string) =>
  queryOptions({
    queryKey: ['profiles', teamId],
    queryFn: () => services.profiles.list({ teamId, includeArchived: true }),
    refetchInterval: CALM_MS,
  });

/** The keys of a profile, ended ones too. */
export const keysQuery = (profileId: string) =>
  queryOptions({
    queryKey: ['keys', profileId],
    queryFn: () => collectKeys(services.keys, { profileId, includeEnded: true }, MAX_KEYS),
    refetchInterval: LIVE_MS,
  });

export const activityQuery = (profileId: string) =>
  queryOptions({
    queryKey: ['activity', profileId],
    queryFn: () => collectActivity(services.keys, { profileId, includeEnded: true }, MAX_KEYS),
    refetchInterval: CALM_MS,
  });

export const keyQuery = (keyId: string) =>
  queryOptions({
    queryKey: ['key', keyId],
    queryFn: () => services.keys.find(keyId),
    refetchInterval: LIVE_MS,
  });

export const statsQuery = (keyId: string, windowMs: number) =>
  queryOptions({
    queryKey: ['stats', keyId, windowMs],
    queryFn: () => services.keys.stats(keyId, windowMs),
    placeholderData: keepPreviousData,
    refetchInterval: LIVE_MS,
  });

/** What a key does at present: the last hour, the limit, who called, and the use of an old secret. */
export const presentQuery = (keyId: string) =>
  queryOptions({
    queryKey: ['stats', keyId, 'present'],
    queryFn: () => services.keys.stats(keyId, HOUR_MS),
    refetchInterval: WATCHED_MS,
  });

/** The latest requests with a key, newest first. */
export const keyEventsQuery = (profileId: string, keyId: string) =>
  queryOptions({
    queryKey: ['events', profileId, keyId],
    queryFn: () =>
      services.events.list({
        ...ALL_EVENTS,
        profileId,
        keyId,
        allProfiles: false,
        since: null,
        cursor: null,
        limit: MAX_EVENT_PAGE_SIZE,
      }),
    refetchInterval: LIVE_MS,
  });

/** What was changed of a key, newest first. */
export const keyAuditQuery = (teamId: string, keyId: string) =>
  queryOptions({
    queryKey: ['audit', teamId, keyId],
    queryFn: () => services.audit.list({ teamId, keyId, since: null, cursor: null, limit: MAX_AUDIT_PAGE_SIZE }),
    refetchInterval: CALM_MS,
  });

/** Of all previews by a profile. */
export const previewKey = (profileId: string): QueryKey => ['preview', profileId];

/** What the renderer makes of a text by a profile. What was shown stays until there is more. */
export const previewQuery = (profileId: string, content: string) =>
  queryOptions({
    queryKey: [...previewKey(profileId), content],
    queryFn: () => services.previews.render(profileId, content),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: CALM_MS,
  });

/** The servers that judge keys. */
export const gatewaysQuery = queryOptions({
  queryKey: ['gateways'],
  queryFn: () => services.gateways.list(),
  refetchInterval: WATCHED_MS,
});

/** How long the last changes took to be in force. */
export const barriersQuery = queryOptions({
  queryKey: ['gateways', 'barriers'],
  queryFn: () => services.gateways.barriers(),
  refetchInterval: WATCHED_MS,
});

export const membersQuery = (teamId: string) =>
  queryOptions({
    queryKey: ['members', teamId],
    queryFn: () => services.people.list(teamId),
    refetchInterval: CALM_MS,
  });

/** Those that can still be accepted. */
export const invitationsQuery = (teamId: string) =>
  queryOptions({
    queryKey: ['invitations', teamId],
    queryFn: () => services.people.listInvitations(teamId),
    refetchInterval: CALM_MS,
  });

/** After a change of a key: whatever is shown of it is asked again. */
export function refreshKey(
  client: QueryClient,
  { id, profileId }: { readonly id: string; readonly profileId: string },
) {
  const changed: readonly QueryKey[] = [
    ['keys', profileId],
    ['activity', profileId],
    ['key', id],
    ['stats', id],
    ['events', profileId, id],
  ];
  return Promise.all([
    ...changed.map((queryKey) => client.invalidateQueries({ queryKey })),
    client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'audit' && queryKey[2] === id }),
  ]);
}
