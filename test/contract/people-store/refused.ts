import { expect, test } from 'vitest';
import type { TeamPeople } from '../../../src/core/membership.ts';
import type { OpenedStore } from '../key-store/opened-store.ts';
import { hashOf, OTHER_TEAM, TEAM } from '../key-store/samples.ts';
import { ADA, accepted, add, become, invitationOf, memberOf, OWNER, revokedInvitation, withTeams } from './samples.ts';

const FIRST = invitationOf(1);
const BEFORE: TeamPeople = { team: TEAM, members: [OWNER], invitations: [FIRST] };
const NEW = memberOf('person_bob', 'member');

export function refusedPeopleContract(opened: () => OpenedStore): void {
  test('a decision about people that throws writes nothing, and its error comes out', async () => {
    const store = await withTeams(opened());
    const refusal = new Error('no');
    const decide = (): never => {
      throw refusal;
    };
    const head = await store.auditHead(TEAM.id);
    await expect(store.changePeople(TEAM.id, ADA, decide)).rejects.toBe(refusal);
    expect(await store.findPeople(TEAM.id)).toEqual({ ...BEFORE, invitations: [] });
    expect(await store.auditHead(TEAM.id)).toEqual(head);
    expect(await add(store, { members: [NEW] })).toMatchObject({ kind: 'decided' });
  });

  test.each<[string, Partial<TeamPeople>]>([
    ['the id of the team', { team: { ...TEAM, id: 'team_9' } }],
    ['the creation time of the team', { team: { ...TEAM, createdAt: 11 } }],
    ['since when somebody is a member', { members: [{ ...OWNER, since: 101 }] }],
    ['a member of another team', { members: [OWNER, { ...NEW, teamId: OTHER_TEAM.id }] }],
    ['a membership twice', { members: [OWNER, NEW, NEW] }],
    ['a membership since no whole number', { members: [OWNER, { ...NEW, since: 0.5 }] }],
    ['an invitation that is left out', { invitations: [] }],
    ['an invitation twice', { invitations: [FIRST, invitationOf(2), invitationOf(2)] }],
    ['the address of an invitation', { invitations: [{ ...FIRST, email: 'eve@example.com' }] }],
    ['the role of an invitation', { invitations: [{ ...FIRST, role: 'owner' }] }],
    ['the end of an invitation', { invitations: [{ ...FIRST, expiresAt: 9_001 }] }],
    ['the token of an invitation', { invitations: [{ ...FIRST, tokenHash: hashOf(2) }] }],
    ['an invitation of another team', { invitations: [FIRST, invitationOf(2, { teamId: OTHER_TEAM.id })] }],
    ['a new invitation that has ended', { invitations: [FIRST, revokedInvitation(invitationOf(2))] }],
    ['an invitation accepted by nobody', { invitations: [{ ...FIRST, acceptedAt: 300 }] }],
    ['an invitation accepted and revoked', { invitations: [revokedInvitation(accepted(FIRST, 'person_bob'))] }],
    ['an invitation revoked at no whole number', { invitations: [revokedInvitation(FIRST, 0.5)] }],
    ['a malformed token', { invitations: [FIRST, invitationOf(2, { tokenHash: hashOf(0xab).toUpperCase() })] }],
    ['the token of another invitation', { invitations: [FIRST, invitationOf(2, { tokenHash: FIRST.tokenHash })] }],
    [
      'one token for two invitations',
      { invitations: [FIRST, invitationOf(2), invitationOf(3, { tokenHash: hashOf(2) })] },
    ],
  ])('a change of people that touches %s throws and writes nothing', async (_what, wrong) => {
    const store = await withTeams(opened());
    await add(store, { invitations: [FIRST] });
    const head = await store.auditHead(TEAM.id);
    await expect(become(store, () => ({ team: { ...TEAM, name: 'Wrong' }, ...wrong }))).rejects.toThrow();
    expect(await store.findPeople(TEAM.id)).toEqual(BEFORE);
    expect(await store.auditHead(TEAM.id)).toEqual(head);
  });

  test.each([
    ['accepted', accepted(FIRST, 'person_bob')],
    ['revoked', revokedInvitation(FIRST)],
  ])('an invitation that was %s cannot come back, not under its id and not by its token', async (_how, ended) => {
    const store = await withTeams(opened());
    await add(store, { invitations: [FIRST] });
    await become(store, () => ({ invitations: [ended] }));
    for (const again of [
      FIRST,
      ended,
      invitationOf(1, { tokenHash: hashOf(7) }),
      invitationOf(7, { tokenHash: hashOf(1) }),
    ]) {
      await expect(add(store, { invitations: [again] })).rejects.toThrow();
    }
    expect(await store.findInvitation(FIRST.tokenHash)).toEqual(ended);
    expect(await store.findInvitation(hashOf(7))).toBeNull();
  });

  test('a token is taken in every team', async () => {
    const store = await withTeams(opened());
    await add(store, { invitations: [FIRST] });
    const foreign = invitationOf(2, { teamId: OTHER_TEAM.id, tokenHash: FIRST.tokenHash });
    await expect(add(store, { invitations: [foreign] }, OTHER_TEAM.id)).rejects.toThrow();
    expect(await store.findInvitation(FIRST.tokenHash)).toEqual(FIRST);
  });
}
