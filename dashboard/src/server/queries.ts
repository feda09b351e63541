import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { collectActivity, collectKeys } from '../../../src/client/key-pages.ts';
import { services } from './services.ts';

/** Every question that the dashboard asks the server, each under one name, so that all parts share the answer. */

/** Of one profile; whoever has more finds them by the command line. */
export const MAX_KEYS = 1_000;

const LIVE_MS = 10_000;
const CALM_MS = 30_000;

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
