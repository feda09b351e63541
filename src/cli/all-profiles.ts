import type { ProfileSummary } from '../core/profile-service.ts';
import type { Services } from './session.ts';

/** The profiles of all teams of the caller, team after team, oldest first in each. The server lists those of one team at a time. */
export async function allProfiles(
  { profiles, teams }: Pick<Services, 'profiles' | 'teams'>,
  { includeArchived }: { readonly includeArchived: boolean },
): Promise<readonly ProfileSummary[]> {
  const found = await teams.list();
  if (found.length < 2) return profiles.list({ includeArchived });
  const lists = await Promise.all(found.map(({ id: teamId }) => profiles.list({ includeArchived, teamId })));
  return lists.flat();
}
