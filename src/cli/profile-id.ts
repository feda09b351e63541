import { PROFILE_ID_PATTERN, PROFILE_ID_PREFIX_PATTERN } from '../core/clock.ts';
import type { ProfileSummary } from '../core/profile-service.ts';
import { profilesOfTeams } from './profiles-of-teams.ts';
import { type IdRule, resolveId } from './resolve-id.ts';
import type { Session } from './session.ts';

/** The profile of an id, or of a prefix of one, as {@link resolveId} says. Archived ones too. */
export function resolveProfile(text: string, { profiles, teams }: Session, rule: IdRule): Promise<ProfileSummary> {
  const all = () => profilesOfTeams({ profiles, teams }, { includeArchived: true });
  return resolveId(
    text,
    {
      noun: 'profile',
      prefix: 'prof_',
      example: 'prof_7hq3m2xk9tqw4bnz',
      beginning: /^prof_/,
      pattern: PROFILE_ID_PATTERN,
      prefixPattern: PROFILE_ID_PREFIX_PATTERN,
      listCommand: 'outkit profiles list',
      listAllCommand: 'outkit profiles list --all',
      find: (id) => profiles.find(id),
      findByPrefix: async (prefix) => (await all()).filter(({ id }) => id.startsWith(prefix)),
      candidates: all,
    },
    rule,
  );
}
