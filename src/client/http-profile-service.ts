import { profileAnswer, profilesAnswer } from '../api/profiles.ts';
import type { ProfileService } from '../core/profile-service.ts';
import type { CallControlApi } from './control-api.ts';

/** The profile service of a server elsewhere, over its control API. */
export function httpProfileService(call: CallControlApi): ProfileService {
  return {
    create: (profile) => call('/v1/profiles', profileAnswer, profile),
    list: async () => (await call('/v1/profiles', profilesAnswer)).data,
    find: (profileId) => call(`/v1/profiles/${encodeURIComponent(profileId)}`, profileAnswer),
  };
}
