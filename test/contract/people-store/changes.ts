import { expect, test } from 'vitest';
import type { TeamPeople } from '../../../src/core/membership.ts';
import type { OpenedStore } from '../key-store/opened-store.ts';
import { hashOf, OTHER_TEAM, TEAM } from '../key-store/samples.ts';
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

const DECIDED = { kind: 'decided', result: 'done' };
const BOB = memberOf('person_bob', 'member', { since: 200 });

export function peopleChangeContract(opened: () => OpenedStore): void {
  test('a change writes name, members, roles and invitations, each alone and all at once, and nothing else', async () => {
    const store = await withTeams(opened());
    const steps: readonly Partial<TeamPeople>[] = [
      { team: { ...TEAM, name: 'Renamed' } },
      { members: [OWNER, BOB] },
      { members: [OWNER, { ...BOB, role: 'admin' }] },
      { invitations: [invitationOf(1), invitationOf(2)] },
      { members: [OWNER] },
      {
        team: TEAM,
        members: [
          { ...OWNER, role: 'admin' },
          { ...BOB, role: 'owner' },
        ],
      },
    ];
    let expected: TeamPeople = { team: TEAM, members: [OWNER], invitations: [] };
    for (const step of steps) {
      expected = { ...expected, ...step };
      expect(await become(store, () => step)).toEqual(DECIDED);
      expect(await store.findPeople(TEAM.id)).toEqual(expected);
    }
    expect(await store.findPeople(OTHER_TEAM.id)).toEqual({
      team: OTHER_TEAM,
      members: [OTHER_OWNER],
      invitations: [],
    });
  });

  test('an invitation that was accepted or revoked is among those of the team no more, and an expired one is', async () => {
    const store = await withTeams(opened());
    const [used, ended, expired] = [invitationOf(1), invitationOf(2), invitationOf(3, { expiresAt: 1 })];
    await add(store, { invitations: [used, ended, expired] });
    await become(store, ({ members }) => ({
      members: [...members, BOB],
      invitations: [accepted(used, BOB.personId), revokedInvitation(ended), expired],
    }));
    expect(await store.findPeople(TEAM.id)).toEqual({ team: TEAM, members: [OWNER, BOB], invitations: [expired] });
  });

  test('a change of people stays when the store is opened again', async () => {
    const { store, reopen } = opened();
    await withTeams({ store });
    await add(store, { members: [BOB], invitations: [invitationOf(1), invitationOf(2)] });
    const after = [accepted(invitationOf(1), BOB.personId), invitationOf(2)];
    await become(store, () => ({ team: { ...TEAM, name: 'Renamed' }, invitations: after }));
    if (reopen === undefined) return;
    const again = await reopen();
    const team = { ...TEAM, name: 'Renamed' };
    const people = { team, members: [OWNER, BOB], invitations: [invitationOf(2)] };
    expect(await again.findPeople(TEAM.id)).toEqual(people);
    expect(await again.findInvitation(hashOf(1))).toEqual(after[0]);
    expect(await again.hasOwner()).toBe(true);
  });

  test('a decision sees the people as they are, once, and may leave them alone', async () => {
    const store = await withTeams(opened());
    await add(store, { members: [BOB], invitations: [invitationOf(1)] });
    const before = { team: TEAM, members: [OWNER, BOB], invitations: [invitationOf(1)] };
    const seen: TeamPeople[] = [];
    const outcome = await store.changePeople(TEAM.id, ADA, (people) => {
      seen.push(people);
      return { people: null, result: 'done' };
    });
    expect(outcome).toEqual(DECIDED);
    expect(seen).toEqual([before]);
    expect(await become(store, () => ({}))).toEqual(DECIDED);
    expect(await store.findPeople(TEAM.id)).toEqual(before);
  });

  test.each(['team_9', 'TEAM_1', ''])('nothing is decided about a team that there is not: %j', async (teamId) => {
    const store = await withTeams(opened());
    const decide = (): never => {
      throw new Error('was asked');
    };
    expect(await store.changePeople(teamId, ADA, decide)).toEqual({ kind: 'not_found' });
  });

  test('coming, inviting and ending move the greatest time to what they state, and a role does not', async () => {
    const store = await withTeams(opened());
    await add(store, { members: [{ ...BOB, since: 1_000 }] });
    expect(await store.greatestTime()).toBe(1_000);
    await add(store, { invitations: [invitationOf(1, { createdAt: 2_000 })] });
    expect(await store.greatestTime()).toBe(2_000);
    await become(store, ({ invitations }) => ({ invitations: invitations.map((it) => revokedInvitation(it, 3_000)) }));
    expect(await store.greatestTime()).toBe(3_000);
    await become(store, () => ({ members: [OWNER, { ...BOB, since: 1_000, role: 'admin' }] }));
    expect(await store.greatestTime()).toBe(3_000);
  });
}
