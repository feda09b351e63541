import { ACTIONS, type Action, authorize, type Role, withArticle } from '../../core/authorization.ts';
import { OutkitError } from '../../core/errors.ts';
import { missing } from '../../services/refusals.ts';
import type { Identity } from './identity.ts';

/**
 * Which team a route is about: that of the key, profile or team in its path, or the one that `team` in the query names, which need not be
 * named by somebody who is in one team only.
 */
export type TeamSource = 'keyId' | 'profileId' | 'teamId' | 'query';

interface Teams {
  teamOf(kind: 'key' | 'profile', id: string): Promise<string | null>;
}

const NOUNS = { keyId: 'key', profileId: 'profile', teamId: 'team', query: 'team' } as const;

/**
 * The one place where access to a team is decided: resolves to its id, or throws `forbidden` for a role that is too small, and
 * `not_found` in the very words of a missing id for whoever is not in that team.
 */
export async function requireTeam(
  identity: Identity,
  action: Action,
  source: TeamSource,
  where: Readonly<Record<string, unknown>> | object,
  teams: Teams,
): Promise<string> {
  const [first, ...others] = identity.roles;
  // Whoever is in one team only reaches nothing else: what is not in it is missing for the service, too.
  if (isIdOf(source) && first !== undefined && others.length === 0 && authorize(first.role, action) === 'allowed') {
    return first.team.id;
  }
  const teamId = await namedTeam(identity, source, where as Readonly<Record<string, string | undefined>>, teams);
  const role = teamId === null ? null : roleIn(identity, teamId);
  const verdict = authorize(role, action);
  if (verdict === 'not_found' || teamId === null || role === null) throw missing(NOUNS[source]);
  if (verdict === 'forbidden') throw tooSmall(role, action);
  return teamId;
}

/** The teams in which the caller may do that. `forbidden` when there are teams, and the caller may in none of them. */
export function allowedTeams({ roles }: Identity, action: Action): readonly string[] {
  const allowed = roles.filter(({ role }) => authorize(role, action) === 'allowed');
  const [first] = roles;
  if (allowed.length === 0 && first !== undefined) throw tooSmall(first.role, action);
  return allowed.map(({ team }) => team.id);
}

function isIdOf(source: TeamSource): boolean {
  return source === 'keyId' || source === 'profileId';
}

async function namedTeam(
  { roles }: Identity,
  source: TeamSource,
  where: Readonly<Record<string, string | undefined>>,
  teams: Teams,
): Promise<string | null> {
  if (source === 'keyId') return teams.teamOf('key', where['keyId'] ?? '');
  if (source === 'profileId') return teams.teamOf('profile', where['profileId'] ?? '');
  if (source === 'teamId') return where['teamId'] ?? null;
  if (where['team'] !== undefined) return where['team'];
  if (roles.length > 1)
    throw new OutkitError('bad_request', 'team: is missing, and you are in several', 'outkit teams list');
  return roles[0]?.team.id ?? null;
}

function roleIn({ roles }: Identity, teamId: string): Role | null {
  return roles.find(({ team }) => team.id === teamId)?.role ?? null;
}

function tooSmall(role: Role, action: Action): OutkitError {
  const needed = ACTIONS[action];
  return new OutkitError(
    'forbidden',
    `You are ${withArticle(role)} of this team, and this needs ${withArticle(needed)}`,
    needed === 'owner' ? 'ask an owner of the team' : 'ask an owner or admin of the team',
  );
}
