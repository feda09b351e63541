import { newId } from '../core/clock.ts';
import type { Profile } from '../core/profile.ts';
import type { ProfileService, ProfileSummary } from '../core/profile-service.ts';
import type { Caller, KeyServicePorts } from './key-service-ports.ts';
import { missing } from './refusals.ts';

type ProfileServicePorts = Pick<KeyServicePorts, 'store' | 'clock' | 'fillRandom'> & {
  /** Resolves when every gateway knows the profile. */
  readonly putProfileInForce: (profile: Profile) => Promise<void>;
};

/** The profiles of the caller's team. */
export function profileServices(ports: ProfileServicePorts, { teamId }: Caller): ProfileService {
  const { store, clock, fillRandom, putProfileInForce } = ports;
  return {
    async create(profile) {
      const created = { ...profile, id: newId('prof', fillRandom), teamId, createdAt: clock.now() };
      await store.insertProfile(created);
      await putProfileInForce(created);
      return summaryOf(created);
    },
    async list() {
      return (await store.listProfiles(teamId)).map(summaryOf);
    },
    async find(profileId) {
      const profile = await store.findProfile(teamId, profileId);
      if (profile === null) throw missing('profile');
      return summaryOf(profile);
    },
  };
}

function summaryOf({ teamId: _, ...profile }: Profile): ProfileSummary {
  return profile;
}
