import { archivedProfileAnswer, changedProfileAnswer, profileAnswer, profilesAnswer } from '../api/profiles.ts';
import type { ProfileService } from '../core/profile-service.ts';
import type { CallControlApi } from './control-api.ts';

/** The profile service of a server elsewhere, over its control API. */
export function httpProfileService(call: CallControlApi): ProfileService {
  return {
    create: (profile) => call('/v1/profiles', profileAnswer, profile),
    list: async ({ includeArchived } = { includeArchived: false }) =>
      (await call(`/v1/profiles${includeArchived ? '?include=archived' : ''}`, profilesAnswer)).data,
    find: (profileId) => call(profilePath(profileId), profileAnswer),
    update: (profileId, change) => call(`${profilePath(profileId)}/update`, changedProfileAnswer, change),
    archive: (profileId) => call(`${profilePath(profileId)}/archive`, archivedProfileAnswer, {}),
  };
}

function profilePath(profileId: string): string {
  return `/v1/profiles/${encodeURIComponent(profileId)}`;
}
