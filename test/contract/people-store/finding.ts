import { expect, test } from 'vitest';
import type { Invitation } from '../../../src/core/membership.ts';
import { type OpenedStore, withProfiles } from '../key-store/opened-store.ts';
import {
  AUTHOR,
  hashOf,
  ODD_TEXTS,
  OTHER_PROFILE,
  OTHER_TEAM,
  PROFILE,
  sampleKey,
  TEAM,
} from '../key-store/samples.ts';
import {
  ADA,
  accepted,
  add,
  become,
  invitationOf,
  memberOf,
  OTHER_OWNER,
  OWNER,
  revokedInvitation,
  withTeams,
} from './samples.ts';

export function peopleFindContract(opened: () => OpenedStore): void {
  test('a team that was founded has its owner, and is set up from then on', async () => {
    const { store } = opened();
    expect(await store.hasOwner()).toBe(false);
    await store.foundTeam(TEAM, OWNER, ADA);
    expect(await store.hasOwner()).toBe(true);
    expect(await store.findPeople(TEAM.id)).toEqual({ team: TEAM, members: [OWNER], invitations: [] });
    expect(await store.listTeams()).toEqual([TEAM]);
  });

  test('a team without people, or whose people own nothing, sets nothing up', async () => {
    const store = await withProfiles(opened());
    expect(await store.findPeople(TEAM.id)).toEqual({ team: TEAM, members: [], invitations: [] });
    await add(store, { members: [memberOf('person_bob', 'admin')] });
    expect(await store.hasOwner()).toBe(false);
  });

  test.each([
    ['no owner', TEAM, memberOf('person_bob', 'admin')],
    ["another team's owner", TEAM, OTHER_OWNER],
    ['a time that is no whole number', { ...TEAM, createdAt: 0.5 }, OWNER],
    ['a membership since no whole number', TEAM, { ...OWNER, since: 0.5 }],
  ])('a team with %s is not founded', async (_what, team, owner) => {
    const { store } = opened();
    await expect(store.foundTeam(team, owner, ADA)).rejects.toThrow();
    expect(await store.listTeams()).toEqual([]);
    expect(await store.hasOwner()).toBe(false);
  });

  test('a team is founded once, and the one that is there keeps its name and owner', async () => {
    const store = await withTeams(opened());
    const again = { ...TEAM, name: 'Mine' };
    await expect(store.foundTeam(again, memberOf('person_eve', 'owner'), ADA)).rejects.toThrow();
    expect(await store.findPeople(TEAM.id)).toEqual({ team: TEAM, members: [OWNER], invitations: [] });
  });

  test('members are ordered by since and id, invitations by creation and id, whatever the order of their coming', async () => {
    const store = await withTeams(opened());
    const members = [
      memberOf('person_b', 'member', { since: 300 }),
      memberOf('person_c', 'admin', { since: 200 }),
      memberOf('person_a', 'member', { since: 300 }),
    ];
    const invitations = [
      invitationOf(2, { createdAt: 500 }),
      invitationOf(3, { createdAt: 400 }),
      invitationOf(1, { createdAt: 500 }),
    ];
    await add(store, { members, invitations });
    const people = await store.findPeople(TEAM.id);
    expect(people?.members).toEqual([OWNER, members[1], members[2], members[0]]);
    expect(people?.invitations).toEqual([invitations[1], invitations[2], invitations[0]]);
  });

  test('the teams of a person are theirs only, ordered by creation, with the role in each', async () => {
    const store = await withTeams(opened());
    await add(store, { members: [memberOf('person_eve', 'member')] });
    expect(await store.teamsOf('person_eve')).toEqual([
      { team: TEAM, role: 'member' },
      { team: OTHER_TEAM, role: 'owner' },
    ]);
    expect(await store.teamsOf('person_ada')).toEqual([{ team: TEAM, role: 'owner' }]);
    expect(await store.teamsOf('PERSON_ADA')).toEqual([]);
    await become(store, (people) => ({ members: people.members.filter(({ role }) => role === 'owner') }));
    expect(await store.teamsOf('person_eve')).toEqual([{ team: OTHER_TEAM, role: 'owner' }]);
  });

  test('an invitation is found by the hash of its token in any state, and by nothing else', async () => {
    const store = await withTeams(opened());
    const [standing, used, ended] = [invitationOf(1), invitationOf(2), invitationOf(0xab)];
    const gone = invitationOf(4, { expiresAt: 0 });
    await add(store, { invitations: [standing, used, ended, gone] });
    const after = [standing, accepted(used, 'person_bob'), revokedInvitation(ended), gone];
    await become(store, () => ({ invitations: after }));
    for (const invitation of after) expect(await store.findInvitation(invitation.tokenHash)).toEqual(invitation);
    for (const hash of [hashOf(0xab).toUpperCase(), hashOf(9), ` ${hashOf(1)}`, '', 'x'.repeat(64)]) {
      expect(await store.findInvitation(hash)).toBeNull();
    }
  });

  test('standing invitations are found by the whole address, oldest first, in all teams', async () => {
    const store = await withTeams(opened());
    const [first, second, used, ended] = [invitationOf(1), invitationOf(2), invitationOf(3), invitationOf(4)].map(
      (invitation) => ({ ...invitation, email: 'bob@example.com' }),
    ) as [Invitation, Invitation, Invitation, Invitation];
    await add(store, { invitations: [second, first, used, ended, invitationOf(5)] });
    await become(store, () => ({
      invitations: [first, second, accepted(used, 'person_bob'), revokedInvitation(ended), invitationOf(5)],
    }));
    expect(await store.invitationsFor('bob@example.com')).toEqual([first, second]);
    for (const other of ['BOB@example.com', 'bob@example.co', 'bob@example.com ', '']) {
      expect(await store.invitationsFor(other)).toEqual([]);
    }
  });

  test('no team is found under another spelling of its id', async () => {
    const store = await withTeams(opened());
    for (const id of ['TEAM_1', ' team_1', 'team_9', '']) expect(await store.findPeople(id)).toBeNull();
  });

  test('the team of a key or profile is found by the whole id, whoever asks', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    expect(await store.teamOf('key', sampleKey(1).id)).toBe(TEAM.id);
    expect(await store.teamOf('profile', PROFILE.id)).toBe(TEAM.id);
    expect(await store.teamOf('profile', OTHER_PROFILE.id)).toBe(OTHER_TEAM.id);
    expect(await store.teamOf('profile', sampleKey(1).id)).toBeNull();
    for (const id of ['KEY_0001', 'key_000', PROFILE.id, '']) expect(await store.teamOf('key', id)).toBeNull();
  });

  test('texts are kept to the letter: case, spaces, and what a database could take for its own', async () => {
    const { store, reopen } = opened();
    for (const [number, text] of ODD_TEXTS.entries()) {
      const team = { id: `team_${number}${text}`, name: text, createdAt: 10 };
      const owner = memberOf(`person_${text}`, 'owner', { teamId: team.id });
      await store.foundTeam(team, owner, ADA);
      const texts = { id: `inv_${number}${text}`, email: text, invitedBy: text };
      await add(store, { invitations: [invitationOf(number, { teamId: team.id, ...texts })] }, team.id);
    }
    const again = reopen === undefined ? store : await reopen();
    for (const [number, text] of ODD_TEXTS.entries()) {
      const id = `team_${number}${text}`;
      expect(await again.findPeople(id)).toEqual({
        team: { id, name: text, createdAt: 10 },
        members: [{ teamId: id, personId: `person_${text}`, role: 'owner', since: 100 }],
        invitations: [invitationOf(number, { id: `inv_${number}${text}`, teamId: id, email: text, invitedBy: text })],
      });
      expect(await again.teamsOf(`person_${text}`)).toHaveLength(1);
    }
  });
}
