import { expect, test } from 'vitest';
import {
  acceptInvitation,
  invite,
  type PeopleDecision,
  removeMember,
  type TeamPeople,
} from '../../../src/core/membership.ts';
import type { PeopleStore } from '../../../src/core/people-store.ts';
import type { OpenedStore } from '../key-store/opened-store.ts';
import { TEAM } from '../key-store/samples.ts';
import { ADA, add, invitationOf, memberOf, OWNER, withTeams } from './samples.ts';

const NOW = 1_000;
const GRACE = memberOf('person_grace', 'owner');

export function peopleRaceContract(opened: () => OpenedStore): void {
  const tried = async (store: PeopleStore, decide: (people: TeamPeople) => PeopleDecision): Promise<string> => {
    const outcome = await store.changePeople(TEAM.id, ADA, (people) => {
      const decision = decide(people);
      return { people: decision.kind === 'changed' ? decision.people : null, result: decision.kind };
    });
    return outcome.kind === 'decided' ? outcome.result : outcome.kind;
  };

  test('of the last two owners who leave at once, one stays', async () => {
    const store = await withTeams(opened());
    await add(store, { members: [GRACE] });
    const outcomes = await Promise.all(
      [OWNER, GRACE].map(({ personId }) => tried(store, (people) => removeMember(people, personId, personId))),
    );
    expect(outcomes.sort()).toEqual(['changed', 'last_owner']);
    const people = await store.findPeople(TEAM.id);
    expect(people?.members.map(({ role }) => role)).toEqual(['owner']);
  });

  test('two owners who remove each other at once: one decision sees that its actor is gone', async () => {
    const store = await withTeams(opened());
    await add(store, { members: [GRACE] });
    const outcomes = await Promise.all([
      tried(store, (people) => removeMember(people, OWNER.personId, GRACE.personId)),
      tried(store, (people) => removeMember(people, GRACE.personId, OWNER.personId)),
    ]);
    expect(outcomes.sort()).toEqual(['changed', 'forbidden']);
    expect((await store.findPeople(TEAM.id))?.members).toHaveLength(1);
  });

  test('an invitation that many accept at once brings one person', async () => {
    const store = await withTeams(opened());
    await add(store, { invitations: [invitationOf(1)] });
    const persons = Array.from({ length: 20 }, (_, number) => `person_${number}`);
    const outcomes = await Promise.all(
      persons.map((person) => tried(store, (people) => acceptInvitation(people, 'inv_1', person, NOW))),
    );
    expect(outcomes.filter((kind) => kind === 'changed')).toHaveLength(1);
    expect(outcomes.filter((kind) => kind === 'invitation_ended')).toHaveLength(19);
    const winner = persons[outcomes.indexOf('changed')];
    expect((await store.findPeople(TEAM.id))?.members.map(({ personId }) => personId)).toEqual([
      OWNER.personId,
      winner,
    ]);
    expect(await store.findInvitation(invitationOf(1).tokenHash)).toMatchObject({ acceptedBy: winner });
  });

  test('of parallel invitations of one address one stands', async () => {
    const store = await withTeams(opened());
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    const outcomes = await Promise.all(
      numbers.map((number) => {
        const invitation = invitationOf(number, { email: 'bob@example.com' });
        return tried(store, (people) => invite(people, null, invitation, NOW));
      }),
    );
    expect(new Set(outcomes)).toEqual(new Set(['changed']));
    expect((await store.findPeople(TEAM.id))?.invitations).toHaveLength(1);
  });
}
