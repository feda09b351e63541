import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROLES, type Role } from './authorization.ts';
import {
  type Actor,
  acceptInvitation,
  changeRole,
  type Invitation,
  invite,
  isEnded,
  MAX_INVITATIONS,
  MAX_MEMBERS,
  type Member,
  type PeopleDecision,
  removeMember,
  renameTeam,
  revokeInvitation,
  type TeamPeople,
} from './membership.ts';

const NOW = 5_000;
const TEAM = { id: 'team_1', name: 'Aye-aye', createdAt: 0 };

function member(personId: string, role: Role): Member {
  return { teamId: TEAM.id, personId, role, since: 100 };
}

function invitation(id: string, fields: Partial<Invitation> = {}): Invitation {
  return {
    id,
    teamId: TEAM.id,
    email: `${id}@example.com`,
    role: 'member',
    tokenHash: id,
    invitedBy: 'olive',
    createdAt: 1_000,
    expiresAt: NOW + 1,
    acceptedAt: null,
    acceptedBy: null,
    revokedAt: null,
    ...fields,
  };
}

/** One of each role, named after it, and an invitation for each role. */
const PEOPLE: TeamPeople = {
  team: TEAM,
  members: ROLES.map((role) => member(role, role)),
  invitations: ROLES.map((role) => invitation(`for_${role}`, { role })),
};
const TWO_OWNERS: TeamPeople = { ...PEOPLE, members: [...PEOPLE.members, member('owner2', 'owner')] };

function people(decision: PeopleDecision): TeamPeople {
  if (decision.kind !== 'changed') throw new Error(decision.kind);
  return decision.people;
}

describe('inviting', () => {
  it.each<[Actor, Role, string]>([
    ['owner', 'owner', 'changed'],
    ['owner', 'member', 'changed'],
    ['admin', 'admin', 'changed'],
    ['admin', 'member', 'changed'],
    ['admin', 'owner', 'forbidden'],
    ['member', 'member', 'forbidden'],
    ['nobody', 'member', 'forbidden'],
    [null, 'owner', 'changed'],
  ])('%s for the role %s: %s', (actor, role, kind) => {
    expect(invite(PEOPLE, actor, invitation('new', { role }), NOW).kind).toBe(kind);
  });

  it('adds the invitation, and ends those that stand for the same address', () => {
    const old = invitation('old', { email: 'a@example.com' });
    const next = invitation('new', { email: 'a@example.com' });
    const after = people(invite({ ...PEOPLE, invitations: [old, ...PEOPLE.invitations] }, 'admin', next, NOW));
    expect(after).toEqual({
      ...PEOPLE,
      invitations: [{ ...old, revokedAt: NOW }, ...PEOPLE.invitations, next],
    });
  });

  it('does not let an admin end the invitation of an owner by inviting the same address', () => {
    const same = invitation('new', { email: 'for_owner@example.com' });
    expect(invite(PEOPLE, 'admin', same, NOW)).toEqual({ kind: 'forbidden' });
    expect(invite(PEOPLE, 'owner', same, NOW).kind).toBe('changed');
    expect(invite(PEOPLE, 'admin', same, NOW + 1).kind).toBe('changed');
  });

  it('is refused where as many stand as may, not counting expired ones and those of the address', () => {
    const many = Array.from({ length: MAX_INVITATIONS }, (_, number) => invitation(`many_${number}`));
    const full = { ...PEOPLE, invitations: many };
    expect(invite(full, 'owner', invitation('new'), NOW).kind).toBe('too_many_people');
    expect(invite(full, 'owner', invitation('new', { email: 'many_7@example.com' }), NOW).kind).toBe('changed');
    const oneExpired = [...many.slice(1), invitation('late', { expiresAt: NOW })];
    expect(invite({ ...PEOPLE, invitations: oneExpired }, 'owner', invitation('new'), NOW).kind).toBe('changed');
  });

  it('is refused to a team that is full', () => {
    const members = [...PEOPLE.members, ...crowd(MAX_MEMBERS - PEOPLE.members.length)];
    expect(invite({ ...PEOPLE, members }, 'owner', invitation('new'), NOW).kind).toBe('too_many_people');
    expect(invite({ ...PEOPLE, members: members.slice(1) }, null, invitation('new'), NOW).kind).toBe('changed');
  });
});

function crowd(length: number): Member[] {
  return Array.from({ length }, (_, number) => member(`crowd_${number}`, 'member'));
}

describe('revoking an invitation', () => {
  it.each<[Actor, Role, string]>([
    ['owner', 'owner', 'changed'],
    ['admin', 'member', 'changed'],
    ['admin', 'owner', 'forbidden'],
    ['member', 'member', 'forbidden'],
    ['nobody', 'member', 'forbidden'],
    [null, 'owner', 'changed'],
  ])('%s for the role %s: %s', (actor, role, kind) => {
    const decision = revokeInvitation(PEOPLE, actor, `for_${role}`, NOW);
    expect(decision.kind).toBe(kind);
    if (kind !== 'changed') return;
    const ended = people(decision).invitations.filter((it) => isEnded(it, NOW));
    expect(ended).toEqual([invitation(`for_${role}`, { role, revokedAt: NOW })]);
  });

  it('is not found when it does not stand', () => {
    expect(revokeInvitation(PEOPLE, 'owner', 'inv_9', NOW)).toEqual({ kind: 'not_found' });
  });
});

describe('accepting an invitation', () => {
  it('makes a member with its role, since now, and ends it', () => {
    const after = people(acceptInvitation(PEOPLE, 'for_admin', 'new', NOW));
    expect(after.members).toEqual([...PEOPLE.members, { ...member('new', 'admin'), since: NOW }]);
    const accepted = invitation('for_admin', { role: 'admin', acceptedAt: NOW, acceptedBy: 'new' });
    expect(after.invitations).toEqual([PEOPLE.invitations[0], accepted, PEOPLE.invitations[2]]);
  });

  it.each(['owner', 'member'])('%s, who is a member already, keeps the role, and it ends', (personId) => {
    const after = people(acceptInvitation(PEOPLE, 'for_admin', personId, NOW));
    expect(after.members).toEqual(PEOPLE.members);
    expect(after.invitations[1]).toMatchObject({ acceptedBy: personId });
  });

  it.each([
    ['unknown', invitation('other')],
    ['expired', invitation('it', { expiresAt: NOW })],
    ['revoked', invitation('it', { revokedAt: 1 })],
    ['accepted', invitation('it', { acceptedAt: 1, acceptedBy: 'x' })],
  ])('is refused when it is %s', (_how, ended) => {
    expect(acceptInvitation({ ...PEOPLE, invitations: [ended] }, 'it', 'new', NOW)).toEqual({
      kind: 'invitation_ended',
    });
  });

  it('is refused to a team that is full, but not to its members', () => {
    const full = { ...PEOPLE, members: [...PEOPLE.members, ...crowd(MAX_MEMBERS - PEOPLE.members.length)] };
    expect(acceptInvitation(full, 'for_member', 'new', NOW).kind).toBe('too_many_people');
    expect(acceptInvitation(full, 'for_member', 'crowd_1', NOW).kind).toBe('changed');
  });
});

describe('changing a role', () => {
  it.each<[Actor, string, Role, string]>([
    ['owner', 'admin', 'owner', 'changed'],
    ['owner', 'owner2', 'member', 'changed'],
    ['owner', 'owner', 'admin', 'changed'],
    ['admin', 'member', 'admin', 'changed'],
    ['admin', 'admin', 'member', 'changed'],
    ['admin', 'member', 'owner', 'forbidden'],
    ['admin', 'owner', 'member', 'forbidden'],
    ['admin', 'admin', 'owner', 'forbidden'],
    ['member', 'member', 'admin', 'forbidden'],
    ['nobody', 'member', 'admin', 'forbidden'],
    [null, 'member', 'owner', 'changed'],
    ['owner', 'nobody', 'admin', 'not_found'],
    ['owner', 'member', 'member', 'unchanged'],
  ])('%s makes %s %s: %s', (actor, personId, role, kind) => {
    const decision = changeRole(TWO_OWNERS, actor, personId, role);
    expect(decision.kind).toBe(kind);
    if (kind !== 'changed') return;
    const members = TWO_OWNERS.members.map((it) => (it.personId === personId ? { ...it, role } : it));
    expect(people(decision)).toEqual({ ...TWO_OWNERS, members });
  });

  it.each<Actor>(['owner', null])('the last owner stays one, also when %s says otherwise', (actor) => {
    expect(changeRole(PEOPLE, actor, 'owner', 'admin')).toEqual({ kind: 'last_owner' });
    expect(changeRole(PEOPLE, actor, 'owner', 'owner')).toEqual({ kind: 'unchanged' });
  });
});

describe('removing a member', () => {
  it.each<[Actor, string, string]>([
    ['owner', 'owner2', 'changed'],
    ['owner', 'owner', 'changed'],
    ['admin', 'member', 'changed'],
    ['admin', 'admin', 'changed'],
    ['member', 'member', 'changed'],
    ['admin', 'owner', 'forbidden'],
    ['member', 'admin', 'forbidden'],
    ['nobody', 'member', 'forbidden'],
    [null, 'owner', 'changed'],
    ['owner', 'nobody', 'not_found'],
    ['nobody', 'nobody', 'not_found'],
  ])('%s removes %s: %s', (actor, personId, kind) => {
    const decision = removeMember(TWO_OWNERS, actor, personId);
    expect(decision.kind).toBe(kind);
    if (kind !== 'changed') return;
    const members = TWO_OWNERS.members.filter((it) => it.personId !== personId);
    expect(people(decision)).toEqual({ ...TWO_OWNERS, members });
  });

  it.each<Actor>(['owner', null])('the last owner cannot go, also when %s says so', (actor) => {
    expect(removeMember(PEOPLE, actor, 'owner')).toEqual({ kind: 'last_owner' });
  });
});

describe('renaming a team', () => {
  it('changes the name and nothing else, or nothing', () => {
    expect(people(renameTeam(PEOPLE, 'Okapi'))).toEqual({ ...PEOPLE, team: { ...TEAM, name: 'Okapi' } });
    expect(renameTeam(PEOPLE, TEAM.name)).toEqual({ kind: 'unchanged' });
  });
});

describe('an invitation', () => {
  it('ends at the instant of its expiry', () => {
    expect([NOW, NOW + 1].map((now) => isEnded(invitation('it'), now))).toEqual([false, true]);
  });
});

const PERSONS = ['a', 'b', 'c', 'd'];
const step = fc.record({
  kind: fc.constantFrom('invite', 'accept', 'revoke', 'role', 'remove'),
  actor: fc.constantFrom(...PERSONS),
  person: fc.constantFrom(...PERSONS),
  role: fc.constantFrom(...ROLES),
  id: fc.constantFrom('i', 'j', 'k'),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function decided(before: TeamPeople, { kind, actor, person, role, id }: Step): PeopleDecision {
  if (kind === 'invite') return invite(before, actor, invitation(id, { role }), NOW);
  if (kind === 'accept') return acceptInvitation(before, id, person, NOW);
  if (kind === 'revoke') return revokeInvitation(before, actor, id, NOW);
  if (kind === 'role') return changeRole(before, actor, person, role);
  return removeMember(before, actor, person);
}

describe('whatever sequence of decisions', () => {
  const start: TeamPeople = { team: TEAM, members: [member('a', 'owner'), member('b', 'admin')], invitations: [] };
  const ownersOf = ({ members, invitations }: TeamPeople) => [
    ...members.filter(({ role }) => role === 'owner').map(({ personId }) => personId),
    ...invitations.filter((it) => it.role === 'owner' && !isEnded(it, NOW)).map(({ id }) => id),
  ];

  /** Calls back with each step that changed something; ended invitations are no longer read, as in a store. */
  function live(
    steps: readonly Step[],
    visit: (before: TeamPeople, step: Step, after: TeamPeople) => void,
  ): TeamPeople {
    return steps.reduce((before, one) => {
      const decision = decided(before, one);
      if (decision.kind !== 'changed') return before;
      const after = decision.people;
      visit(before, one, after);
      return { ...after, invitations: after.invitations.filter((it) => !isEnded(it, NOW)) };
    }, start);
  }

  it('a team has an owner, and each person once', () => {
    let changes = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 40 }), (steps) => {
        const { members } = live(steps, () => {
          changes++;
        });
        expect(members.some(({ role }) => role === 'owner')).toBe(true);
        expect(new Set(members.map(({ personId }) => personId)).size).toBe(members.length);
      }),
      { numRuns: 500 },
    );
    expect(changes).toBeGreaterThan(1_000);
  });

  it('nobody below owner makes or ends an owner, or an invitation to be one', () => {
    let byOwners = 0;
    const visit = (before: TeamPeople, { kind, actor, person }: Step, after: TeamPeople) => {
      const isSame = JSON.stringify(ownersOf(before)) === JSON.stringify(ownersOf(after));
      // Whoever accepts acts on what the one who invited was allowed to give; leaving is for oneself.
      if (isSame || kind === 'accept' || (kind === 'remove' && actor === person)) return;
      byOwners++;
      expect(before.members.find(({ personId }) => personId === actor)?.role).toBe('owner');
    };
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 40 }), (steps) => void live(steps, visit)),
      { numRuns: 500 },
    );
    expect(byOwners).toBeGreaterThan(100);
  });
});
