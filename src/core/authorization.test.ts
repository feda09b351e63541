import { describe, expect, it } from 'vitest';
import { ACTIONS, type Action, authorize, mayManage, ROLES, type Role } from './authorization.ts';

const [YES, NO] = ['allowed', 'forbidden'] as const;

/** Written apart from the code: owner, admin, member. */
const TABLE: Readonly<Record<Action, readonly [owner: string, admin: string, member: string]>> = {
  'key.read': [YES, YES, YES],
  'key.create': [YES, YES, NO],
  'key.update': ['allowed', 'allowed', 'forbidden'],
  'key.rotate': [YES, YES, NO],
  'key.revoke': [YES, YES, NO],
  'profile.read': [YES, YES, YES],
  'profile.change': [YES, YES, NO],
  'people.read': [YES, YES, YES],
  'people.leave': [YES, YES, YES],
  'people.change': [YES, YES, NO],
  'team.read': [YES, YES, YES],
  'team.change': [YES, NO, NO],
  'audit.read': [YES, YES, NO],
};

describe('what a role may', () => {
  it.each(Object.entries(TABLE))('%s: owner %s, admin %s, member %s', (action, expected) => {
    expect(ROLES.map((role) => authorize(role, action as Action))).toEqual(expected);
  });

  it('has every action in the table', () => {
    expect(Object.keys(TABLE).sort()).toEqual(Object.keys(ACTIONS).sort());
  });

  it.each(Object.keys(ACTIONS))('%s does not exist for somebody who is not of the team', (action) => {
    expect(authorize(null, action as Action)).toBe('not_found');
  });
});

describe('letting somebody come, go or change', () => {
  const STATES: readonly (Role | null)[] = [...ROLES, null];
  const pairs = STATES.flatMap((before) => STATES.map((after) => [before, after] as const));

  it.each(pairs)('from %s to %s: owners may, admins when no owner is made or ended, nobody else', (before, after) => {
    expect(mayManage('owner', before, after)).toBe(true);
    expect(mayManage('admin', before, after)).toBe(before !== 'owner' && after !== 'owner');
    expect(mayManage('member', before, after)).toBe(false);
    expect(mayManage(null, before, after)).toBe(false);
  });
});
