import type { ListProfiles, ProfileSummary } from '../core/profile-service.ts';
import type { Services } from './session.ts';
import { inNoTeam } from './team-choice.ts';

/** The profiles of all teams of the caller, team by team: without a team the server answers only who is in one. Throws `not_found` to who is in none. */
export async function profilesOfTeams(
  { teams, profiles }: Pick<Services, 'teams' | 'profiles'>,
  query: Pick<ListProfiles, 'includeArchived'>,
): Promise<readonly ProfileSummary[]> {
  const found: ProfileSummary[] = [];
  const all = await teams.list();
  if (all.length === 0) throw inNoTeam();
  for (const { id } of all) found.push(...(await profiles.list({ ...query, teamId: id })));
  return found;
}
