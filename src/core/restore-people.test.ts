import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROLES, type Role } from './authorization.ts';
import type { Invitation, Member, TeamPeople } from './membership.ts';
import { type KnownPeople, restoredPeople } from './restore.ts';

const TEAM = { id: 'team_1', name: 'Aye-aye', createdAt: 0 };
/** The latest moment that the replaced database knows of. */
const KNOWN_UNTIL = 5_000;

function member(personId: string, role: Role, since = 100): Member {
  return { teamId: TEAM.id, personId, role, since };
}

function invitation(id: string, fields: Partial<Invitation> = {}): Invitation {
  const ends = { acceptedAt: null, acceptedBy: null, revokedAt: null };
  const times = { createdAt: 1_000, expiresAt: 9_000 };
  const who = { teamId: TEAM.id, email: 'a@example.com', role: 'member', tokenHash: id, invitedBy: 'ada' } as const;
  return { id, ...who, ...times, ...ends, ...fields };
}

function restored(backup: readonly Member[], current: readonly Member[]): readonly Member[] {
  const known: KnownPeople = { members: current, endedInvitations: [], time: KNOWN_UNTIL };
  return restoredPeople({ team: TEAM, members: backup, invitations: [] }, known).members;
}

describe('the members of a restored team', () => {
  const owner = member('owner', 'owner');

  it.each<[string, Role, Role, Role]>([
    ['the same', 'admin', 'admin', 'admin'],
    ['lower since', 'admin', 'member', 'member'],
    ['higher since', 'member', 'admin', 'member'],
    ['no owner any more', 'owner', 'member', 'member'],
  ])('have the lower of both roles: %s', (_how, backup, current, expected) => {
    const after = restored([owner, member('bob', backup)], [owner, member('bob', current)]);
    expect(after).toEqual([owner, member('bob', expected)]);
  });

  it('are not those who were removed since, nor those who came since', () => {
    expect(restored([owner, member('bob', 'admin')], [owner, member('eve', 'admin')])).toEqual([owner]);
  });

  it('are those who came after all that the replaced database knows', () => {
    const late = [member('bob', 'admin', KNOWN_UNTIL + 1), member('eve', 'admin', KNOWN_UNTIL)];
    expect(restored([owner, ...late], [owner])).toEqual([owner, late[0]]);
  });

  it('get the owner whom the replaced database has, when none would be left', () => {
    const backup = [owner, member('bob', 'admin'), member('cat', 'admin')];
    const after = restored(backup, [member('bob', 'owner'), member('cat', 'admin')]);
    expect(after).toEqual([member('bob', 'owner'), member('cat', 'admin')]);
    expect(restored(backup, [member('cat', 'admin'), member('eve', 'owner')])).toEqual([member('cat', 'admin')]);
  });
});

describe('the invitations of a restored team', () => {
  it('end as they ended since, and the others stand as they are', () => {
    const backup: TeamPeople = {
      team: TEAM,
      members: [],
      invitations: ['used', 'revoked', 'standing'].map((id) => invitation(id)),
    };
    const endedInvitations = [
      invitation('used', { acceptedAt: 2_000, acceptedBy: 'bob' }),
      invitation('revoked', { revokedAt: 3_000 }),
      invitation('made since', { revokedAt: 3_000 }),
    ];
    const after = restoredPeople(backup, { members: [], endedInvitations, time: KNOWN_UNTIL });
    expect(after).toEqual({ ...backup, invitations: [...endedInvitations.slice(0, 2), invitation('standing')] });
  });
});

describe('whatever the two databases have', () => {
  const people = fc.uniqueArray(
    fc
      .tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom(...ROLES), fc.constantFrom(100, KNOWN_UNTIL + 1))
      .map(([personId, role, since]) => member(personId, role, since)),
    { selector: ({ personId }) => personId },
  );
  const rank = (role: Role) => ROLES.length - ROLES.indexOf(role);

  it('nobody has a role that the replaced database does not give them, if it can know them', () => {
    fc.assert(
      fc.property(people, people, (backup, current) => {
        const roles = new Map(current.map(({ personId, role }) => [personId, role]));
        for (const { personId, role, since } of restored(backup, current)) {
          const now = roles.get(personId);
          if (now === undefined) expect(since).toBeGreaterThan(KNOWN_UNTIL);
          else expect(rank(role)).toBeLessThanOrEqual(rank(now));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('nobody has more than in the backup, but for an owner of both times where there would be none', () => {
    fc.assert(
      fc.property(people, people, (backup, current) => {
        const roles = new Map(backup.map(({ personId, role }) => [personId, role]));
        const after = restored(backup, current);
        const raised = after.filter(({ personId, role }) => rank(role) > rank(roles.get(personId) ?? 'member'));
        const owners = after.filter(({ role }) => role === 'owner');
        if (raised.length > 0) expect(raised).toEqual(owners);
        expect(after.every(({ personId }) => roles.has(personId))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
