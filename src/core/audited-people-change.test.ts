import { describe, expect, it } from 'vitest';
import { peopleChangesOf } from './audited-people-change.ts';
import { acceptInvitation, type Invitation, invite, type PeopleDecision, type TeamPeople } from './membership.ts';

const TEAM = { id: 'team_1', name: 'Aye-aye', createdAt: 0 };
const ADA = { teamId: TEAM.id, personId: 'person_ada', role: 'owner', since: 100 } as const;
const BOB = { teamId: TEAM.id, personId: 'person_bob', role: 'member', since: 200 } as const;
const INVITATION: Invitation = {
  id: 'inv_1',
  teamId: TEAM.id,
  email: 'bob@example.com',
  role: 'member',
  tokenHash: 'secret hash',
  invitedBy: 'ada',
  createdAt: 1_000,
  expiresAt: 9_000,
  acceptedAt: null,
  acceptedBy: null,
  revokedAt: null,
};
const BEFORE: TeamPeople = { team: TEAM, members: [ADA, BOB], invitations: [INVITATION] };

const team = { subjectKind: 'team', subjectId: TEAM.id, profileId: null };
const member = (subjectId: string) => ({ subjectKind: 'member', subjectId, profileId: null });
const invitation = (subjectId: string) => ({ subjectKind: 'invitation', subjectId, profileId: null });

function people(decision: PeopleDecision): TeamPeople {
  if (decision.kind !== 'changed') throw new Error(decision.kind);
  return decision.people;
}

describe('a change of people is told as what was done, with what differs', () => {
  it('team.create and member.add, for a new team', () => {
    expect(peopleChangesOf(null, { team: TEAM, members: [ADA], invitations: [] })).toEqual([
      { action: 'team.create', ...team, before: null, after: { name: 'Aye-aye' } },
      { action: 'member.add', ...member(ADA.personId), before: null, after: { role: 'owner' } },
    ]);
  });

  it('team.rename', () => {
    expect(peopleChangesOf(BEFORE, { ...BEFORE, team: { ...TEAM, name: 'Okapi' } })).toEqual([
      { action: 'team.rename', ...team, before: { name: 'Aye-aye' }, after: { name: 'Okapi' } },
    ]);
  });

  it('member.role', () => {
    expect(peopleChangesOf(BEFORE, { ...BEFORE, members: [ADA, { ...BOB, role: 'admin' }] })).toEqual([
      { action: 'member.role', ...member(BOB.personId), before: { role: 'member' }, after: { role: 'admin' } },
    ]);
  });

  it('member.remove', () => {
    expect(peopleChangesOf(BEFORE, { ...BEFORE, members: [ADA] })).toEqual([
      { action: 'member.remove', ...member(BOB.personId), before: { role: 'member' }, after: { role: null } },
    ]);
  });

  it('invitation.revoke', () => {
    const revoked = { ...INVITATION, revokedAt: 2_000 };
    expect(peopleChangesOf(BEFORE, { ...BEFORE, invitations: [revoked] })).toEqual([
      {
        action: 'invitation.revoke',
        ...invitation('inv_1'),
        before: { revokedAt: null },
        after: { revokedAt: '1970-01-01T00:00:02.000Z' },
      },
    ]);
  });

  it('invitation.create, behind the end of the one that it takes the place of', () => {
    const next = { ...INVITATION, id: 'inv_2', role: 'admin', tokenHash: 'another secret' } as const;
    const changes = peopleChangesOf(BEFORE, people(invite(BEFORE, null, next, 2_000)));
    expect(changes.map(({ action, subjectId }) => [action, subjectId])).toEqual([
      ['invitation.revoke', 'inv_1'],
      ['invitation.create', 'inv_2'],
    ]);
    expect(changes[1]).toEqual({
      action: 'invitation.create',
      ...invitation('inv_2'),
      before: null,
      after: { email: 'bob@example.com', role: 'admin', expiresAt: '1970-01-01T00:00:09.000Z' },
    });
    expect(JSON.stringify(changes)).not.toMatch(/secret/);
  });

  it('invitation.accept, before the member that it brings', () => {
    expect(peopleChangesOf(BEFORE, people(acceptInvitation(BEFORE, 'inv_1', 'person_eve', 2_000)))).toEqual([
      {
        action: 'invitation.accept',
        ...invitation('inv_1'),
        before: { acceptedBy: null },
        after: { acceptedBy: 'person_eve' },
      },
      { action: 'member.add', ...member('person_eve'), before: null, after: { role: 'member' } },
    ]);
  });

  it('nothing for what is the same in another order', () => {
    const same = { team: { ...TEAM }, members: [{ ...BOB }, { ...ADA }], invitations: [{ ...INVITATION }] };
    expect(peopleChangesOf(BEFORE, same)).toEqual([]);
  });
});
