import { newId } from '../core/clock.ts';
import type { Profile } from '../core/profile.ts';
import { archiveProfile, type UpdateDecision, updateProfile } from '../core/profile-change.ts';
import type { ProfileService } from '../core/profile-service.ts';
import { authorOf, type Caller, type KeyServicePorts } from './key-service-ports.ts';
import { missing, profileRefusal } from './refusals.ts';

type ProfileServicePorts = Pick<KeyServicePorts, 'store' | 'gateways' | 'clock' | 'fillRandom'>;

/** The profiles of the caller's team. Every change is in force before its promise resolves. */
export function profileServices(ports: ProfileServicePorts, caller: Caller): ProfileService {
  const { teamId } = caller;
  const { store, gateways, clock, fillRandom } = ports;
  return {
    async create(profile) {
      const id = newId('prof', fillRandom);
      const created = { ...profile, id, teamId, createdAt: clock.now(), archivedAt: null };
      await store.insertProfile(created, authorOf(caller, clock));
      await gateways.putProfileInForce(created);
      return created;
    },
    async list({ includeArchived } = { includeArchived: false }) {
      const profiles = await store.listProfiles(teamId);
      return profiles.filter(({ archivedAt }) => includeArchived || archivedAt === null);
    },
    async find(profileId) {
      const profile = await store.findProfile(teamId, profileId);
      if (profile === null) throw missing('profile');
      return profile;
    },
    async update(profileId, change) {
      const profile = await changed(profileId, (found) => updated(found, updateProfile(found, change)));
      return { ...profile, gateways: await gateways.putProfileInForce(profile) };
    },
    async archive(profileId) {
      const profile = await changed(profileId, (found) => {
        const decision = archiveProfile(found, clock.now());
        return decision.kind === 'changed' ? decision.profile : found;
      });
      // Also when it was archived before: whoever asks again may do so because the first answer was lost.
      const report = await gateways.putProfileInForce(profile);
      return { id: profile.id, archivedAt: profile.archivedAt as number, gateways: report };
    },
  };

  async function changed(profileId: string, decide: (profile: Profile) => Profile): Promise<Profile> {
    const outcome = await store.changeProfile(teamId, profileId, authorOf(caller, clock), (found) => {
      const profile = decide(found);
      return { profile, result: profile };
    });
    if (outcome.kind === 'not_found') throw missing('profile');
    return outcome.result;
  }
}

/** The profile that a change made, or the error that says why there is none. */
function updated(found: Profile, decision: UpdateDecision): Profile {
  if (decision.kind === 'changed') return decision.profile;
  if (decision.kind === 'unchanged') return found;
  throw profileRefusal(decision.kind);
}
