import type { Invitation, Member, TeamPeople } from '../../core/membership.ts';
import type { TeamRole } from '../../core/people-store.ts';
import type { Team } from '../../core/profile.ts';
import { SECRET_HASH_PATTERN } from '../../core/secret.ts';
import type { PeopleDifference } from '../people-difference.ts';
import { requireWholeNumbers } from '../whole-numbers.ts';
import { byCreation, compare } from './order.ts';

/** Members and invitations of all teams, in maps. */
export class MemoryPeople {
  readonly #members = new Map<string, Member>();
  readonly #invitations = new Map<string, Invitation>();

  of(team: Team): TeamPeople {
    const members = [...this.#members.values()].filter(({ teamId }) => teamId === team.id);
    const standing = [...this.#invitations.values()].filter(
      ({ teamId, acceptedAt, revokedAt }) => teamId === team.id && acceptedAt === null && revokedAt === null,
    );
    return {
      team,
      members: members.sort((left, right) => left.since - right.since || compare(left.personId, right.personId)),
      invitations: standing.sort(byCreation),
    };
  }

  teamsOf(personId: string, teams: ReadonlyMap<string, Team>): TeamRole[] {
    return [...this.#members.values()]
      .filter((member) => member.personId === personId)
      .flatMap(({ teamId, role }) => {
        const team = teams.get(teamId);
        return team === undefined ? [] : [{ team, role }];
      })
      .sort((left, right) => byCreation(left.team, right.team));
  }

  invitationBy(tokenHash: string): Invitation | null {
    return [...this.#invitations.values()].find((invitation) => invitation.tokenHash === tokenHash) ?? null;
  }

  invitationsFor(address: string): Invitation[] {
    return [...this.#invitations.values()]
      .filter(({ email, acceptedAt, revokedAt }) => email === address && acceptedAt === null && revokedAt === null)
      .sort(byCreation);
  }

  hasOwner(): boolean {
    return [...this.#members.values()].some(({ role }) => role === 'owner');
  }

  /** Of a new team. */
  addOwner(owner: Member): void {
    this.#members.set(placeOf(owner), { ...owner });
  }

  /** Writes all of it or, when something of it cannot be, throws and writes nothing. */
  write(teamId: string, difference: PeopleDifference): void {
    const { newMembers, changedMembers, removedMembers, newInvitations, endedInvitations } = difference;
    requireWholeNumbers(...newMembers.map(({ since }) => since));
    for (const { acceptedAt, revokedAt } of endedInvitations) requireWholeNumbers(acceptedAt, revokedAt);
    this.#requireNew(newInvitations);
    for (const personId of removedMembers) this.#members.delete(placeOf({ teamId, personId }));
    for (const member of [...newMembers, ...changedMembers]) this.#members.set(placeOf(member), { ...member });
    for (const invitation of [...newInvitations, ...endedInvitations]) {
      this.#invitations.set(invitation.id, { ...invitation });
    }
  }

  #requireNew(invitations: readonly Invitation[]): void {
    const hashes = new Set([...this.#invitations.values()].map(({ tokenHash }) => tokenHash));
    for (const { id, tokenHash, createdAt, expiresAt } of invitations) {
      requireWholeNumbers(createdAt, expiresAt);
      if (!SECRET_HASH_PATTERN.test(tokenHash)) throw new Error(`invitation ${id} has a malformed hash`);
      if (this.#invitations.has(id)) throw new Error(`there is an invitation ${id} already`);
      if (hashes.has(tokenHash)) throw new Error(`the token of invitation ${id} is taken`);
      hashes.add(tokenHash);
    }
  }
}

function placeOf({ teamId, personId }: Pick<Member, 'teamId' | 'personId'>): string {
  return JSON.stringify([teamId, personId]);
}
