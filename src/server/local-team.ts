import { type Clock, newId } from '../core/clock.ts';
import type { KeyStore } from '../core/key-store.ts';
import { DEFAULT_DESIGN, type Profile, type Team } from '../core/profile.ts';
import type { FillRandom } from '../core/secret.ts';

/** The team that a local server works for, and the profile that a new project starts with. */
export interface LocalTeam {
  readonly team: Team;
  readonly defaultProfile: Profile;
}

/** Finds the team of a local server and its oldest profile, or makes them on the first run. */
export async function ensureLocalTeam(store: KeyStore, clock: Clock, fillRandom: FillRandom): Promise<LocalTeam> {
  const createdAt = clock.now();
  let [team] = await store.listTeams();
  if (team === undefined) {
    team = { id: newId('team', fillRandom), name: 'Local', createdAt };
    await store.insertTeam(team);
  }
  let [defaultProfile] = await store.listProfiles(team.id);
  if (defaultProfile === undefined) {
    const id = newId('prof', fillRandom);
    defaultProfile = { id, teamId: team.id, name: 'Default', plan: 'pro', design: DEFAULT_DESIGN, createdAt };
    await store.insertProfile(defaultProfile);
  }
  return { team, defaultProfile };
}
