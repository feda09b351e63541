import type { Role } from '../../../src/core/authorization.ts';
import type { Invitation, Member, TeamPeople } from '../../../src/core/membership.ts';
import type { PeopleStore } from '../../../src/core/people-store.ts';
import { AUTHOR, hashOf, OTHER_TEAM, TEAM } from '../key-store/samples.ts';

export const SESSION = 'session_2222222222222222';
/** A person who is signed in, so early that it moves no clock. */
export const ADA = { ...AUTHOR, session: SESSION };

export function memberOf(personId: string, role: Role, fields: Partial<Member> = {}): Member {
  return { teamId: TEAM.id, personId, role, since: 100, ...fields };
}

export const OWNER = memberOf('person_ada', 'owner');
export const OTHER_OWNER = memberOf('person_eve', 'owner', { teamId: OTHER_TEAM.id });

/** Invitation `inv_<number>`, whose token has the hash `hashOf(number)`. */
export function invitationOf(number: number, fields: Partial<Invitation> = {}): Invitation {
  return {
    id: `inv_${number}`,
    teamId: TEAM.id,
    email: `person${number}@example.com`,
    role: 'member',
    tokenHash: hashOf(number),
    invitedBy: 'ada',
    createdAt: 200,
    expiresAt: 9_000,
    acceptedAt: null,
    acceptedBy: null,
    revokedAt: null,
    ...fields,
  };
}

export function accepted(invitation: Invitation, personId: string, at = 300): Invitation {
  return { ...invitation, acceptedAt: at, acceptedBy: personId };
}

export function revokedInvitation(invitation: Invitation, at = 300): Invitation {
  return { ...invitation, revokedAt: at };
}

/** Two teams, each with its owner. */
export async function withTeams<Kept extends PeopleStore>({ store }: { readonly store: Kept }): Promise<Kept> {
  await store.foundTeam(TEAM, OWNER, ADA);
  await store.foundTeam(OTHER_TEAM, OTHER_OWNER, ADA);
  return store;
}

/** Makes the people of a team what `next` says. */
export function become(store: PeopleStore, next: (people: TeamPeople) => Partial<TeamPeople>, teamId = TEAM.id) {
  return store.changePeople(teamId, ADA, (people) => ({ people: { ...people, ...next(people) }, result: 'done' }));
}

/** Adds to a team what is not there yet. */
export function add(store: PeopleStore, { members = [], invitations = [] }: Partial<TeamPeople>, teamId = TEAM.id) {
  return become(
    store,
    (people) => ({
      members: [...people.members, ...members],
      invitations: [...people.invitations, ...invitations],
    }),
    teamId,
  );
}
