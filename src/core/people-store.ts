import type { AuditAuthor, AuditedChange } from './audit.ts';
import type { Role } from './authorization.ts';
import type { ProfileChangeOutcome } from './key-store.ts';
import type { Invitation, Member, TeamPeople } from './membership.ts';
import type { Team } from './profile.ts';

/** What `changePeople` lets a caller decide, in one step with reading the team. */
export interface PeopleChange<Result> {
  /** The team as it is to be, or `null` to leave it alone. */
  readonly people: TeamPeople | null;
  readonly result: Result;
}

export interface TeamRole {
  readonly team: Team;
  readonly role: Role;
}

/** An entry that says what is about to be done elsewhere; how that went is said by a later entry, or never. */
export interface Announcement {
  readonly teamId: string;
  /** Of the entry in the team's audit chain. */
  readonly seq: number;
}

/**
 * Storage of who is in which team. One contract suite (`test/contract/people-store.ts`) runs over every implementation.
 *
 * - What `KeyStore` says of durability, atomicity, comparison and times holds here too.
 * - Every change MUST be recorded in `changes`, and each thing that differs MUST be appended to the audit chain of its team with who
 *   made it, in the same transaction; what changes nothing MUST append nothing.
 */
export interface PeopleStore {
  /** A new team with its first owner. */
  foundTeam(team: Team, owner: Member, author: AuditAuthor): Promise<void>;
  /**
   * Reads a team with its members and standing invitations, lets `decide` say what it becomes, and writes the difference, as one
   * serialised step. `decide` MUST be called at most once, MUST NOT await, and nothing MUST be written when it throws. Name of the
   * team, roles, members and invitations may differ; an invitation that was accepted or revoked is no longer among those read later.
   */
  changePeople<Result>(
    teamId: string,
    author: AuditAuthor,
    decide: (people: TeamPeople) => PeopleChange<Result>,
  ): Promise<ProfileChangeOutcome<Result>>;
  /** Members ordered by `since`, then id; invitations by `createdAt`, then id. */
  findPeople(teamId: string): Promise<TeamPeople | null>;
  /** The teams of a person, ordered by their creation time, then id. */
  teamsOf(personId: string): Promise<readonly TeamRole[]>;
  /** In any state: the caller MUST check whether it has ended. */
  findInvitation(tokenHash: string): Promise<Invitation | null>;
  /** Those for this address, of all teams, that were neither accepted nor revoked; by `createdAt`, then id. Expired ones are among them. */
  invitationsFor(email: string): Promise<readonly Invitation[]>;
  /** True once somebody owns a team: then the server is set up. */
  hasOwner(): Promise<boolean>;
  /** The team that a key or profile belongs to, whoever asks: the caller MUST check whether they may know. */
  teamOf(kind: 'key' | 'profile', id: string): Promise<string | null>;

  /** MUST append the entry, marked `outcome: pending`, to the chain of each of the teams, in one transaction. */
  announce(teamIds: readonly string[], author: AuditAuthor, change: AuditedChange): Promise<readonly Announcement[]>;
  /** MUST append to each of those chains how it went. */
  settle(announcements: readonly Announcement[], author: AuditAuthor, outcome: 'done' | 'failed'): Promise<void>;
  /** Of these entries of a team, how each of those that were settled went. */
  outcomesOf(teamId: string, seqs: readonly number[]): Promise<ReadonlyMap<number, 'done' | 'failed'>>;
}
