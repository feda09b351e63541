import { type Clock, newId } from '../core/clock.ts';
import type { KeyStore } from '../core/key-store.ts';
import { DEFAULT_DESIGN, type Profile, type Team } from '../core/profile.ts';
import type { FillRandom } from '../core/secret.ts';

/** The team that a local server works for, and the profile of the project that it was started for. */
export interface LocalTeam {
  readonly team: Team;
  readonly profile: Profile;
  readonly isNewProfile: boolean;
}

/**
 * Finds the team of a local server and the project's profile, and makes what is not there. `profileId` is the one that `outkit.json`
 * names: it was committed by somebody with a database of their own, and must work in this one. `null` takes the oldest profile that
 * is not archived.
 */
export async function ensureLocalTeam(
  store: KeyStore,
  clock: Clock,
  fillRandom: FillRandom,
  profileId: string | null,
): Promise<LocalTeam> {
  const createdAt = clock.now();
  let [team] = await store.listTeams();
  if (team === undefined) {
    team = { id: newId('team', fillRandom), name: 'Local', createdAt };
    await store.insertTeam(team);
  }
  const profiles = await store.listProfiles(team.id);
  const found =
    profileId === null
      ? profiles.find(({ archivedAt }) => archivedAt === null)
      : profiles.find((profile) => profile.id === profileId);
  if (found !== undefined) return { team, profile: found, isNewProfile: false };
  const id = profileId ?? newId('prof', fillRandom);
  const looks = { name: 'Default', plan: 'pro', design: DEFAULT_DESIGN } as const;
  const profile: Profile = { ...looks, id, teamId: team.id, createdAt, archivedAt: null };
  await store.insertProfile(profile, { actor: 'server', session: null, client: null, ip: null, at: createdAt });
  return { team, profile, isNewProfile: true };
}
