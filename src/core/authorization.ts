/** What a person may be in a team, the most first. */
export const ROLES = ['owner', 'admin', 'member'] as const;

export type Role = (typeof ROLES)[number];

/** Such as `an owner`. */
export function withArticle(role: Role): string {
  return `${role === 'member' ? 'a' : 'an'} ${role}`;
}

/** Everything that can be done in a team, and the least role that may. Each route of the control API names one. */
export const ACTIONS = {
  'key.read': 'member',
  'key.create': 'admin',
  'key.update': 'admin',
  'key.rotate': 'admin',
  'key.revoke': 'admin',
  'profile.read': 'member',
  'profile.change': 'admin',
  'people.read': 'member',
  'people.leave': 'member',
  'people.change': 'admin',
  'team.read': 'member',
  'team.change': 'owner',
  'audit.read': 'admin',
} as const satisfies Record<string, Role>;

export type Action = keyof typeof ACTIONS;

/**
 * Whether somebody with this role may do that; `null` is nobody of the team, for whom nothing of it exists: `not_found` is answered as
 * a missing id is.
 */
export function authorize(role: Role | null, action: Action): 'allowed' | 'forbidden' | 'not_found' {
  if (role === null) return 'not_found';
  return isAtLeast(role, ACTIONS[action]) ? 'allowed' : 'forbidden';
}

/** Whether somebody with the role `actor` may let somebody else come, go or change from `before` to `after`: owners are made and ended by owners. */
export function mayManage(actor: Role | null, before: Role | null, after: Role | null): boolean {
  if (authorize(actor, 'people.change') !== 'allowed') return false;
  return actor === 'owner' || (before !== 'owner' && after !== 'owner');
}

function isAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) <= ROLES.indexOf(least);
}
