import { archivedProfileAnswer, changedProfileAnswer, profileAnswer, profilesAnswer } from '../api/profiles.ts';
import type { ProfileService } from '../core/profile-service.ts';
import type { CallControlApi } from './control-api.ts';

/** The profile service of a server elsewhere, over its control API. */
export function httpProfileService(call: CallControlApi): ProfileService {
  return {
    create: (profile, teamId) => call(profilesPath({ teamId }), profileAnswer, profile),
    list: async (query) => (await call(profilesPath(query ?? {}), profilesAnswer)).data,
    find: (profileId) => call(profilePath(profileId), profileAnswer),
    update: (profileId, change) => call(`${profilePath(profileId)}/update`, changedProfileAnswer, change),
    archive: (profileId) => call(`${profilePath(profileId)}/archive`, archivedProfileAnswer, {}),
  };
}

function profilesPath({ includeArchived, teamId }: { includeArchived?: boolean; teamId?: string | undefined }): string {
  const query = new URLSearchParams();
  if (includeArchived === true) query.set('include', 'archived');
  if (teamId !== undefined) query.set('team', teamId);
  return query.size === 0 ? '/v1/profiles' : `/v1/profiles?${query}`;
}

function profilePath(profileId: string): string {
  return `/v1/profiles/${encodeURIComponent(profileId)}`;
}
