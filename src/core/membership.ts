import { mayManage, type Role } from './authorization.ts';
import { DAY_MS } from './clock.ts';
import type { Team } from './profile.ts';

/** A person in a team. */
export interface Member {
  readonly teamId: string;
  readonly personId: string;
  readonly role: Role;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** A link by which one person, whoever has it, comes into a team, once. Times are epoch milliseconds. */
export interface Invitation {
  readonly id: string;
  readonly teamId: string;
  /** Lower case. Whom it is for: the account that it makes has this address. */
  readonly email: string;
  readonly role: Role;
  /** SHA-256 of the link's token, in hexadecimal. */
  readonly tokenHash: string;
  /** As the audit log names them. */
  readonly invitedBy: string;
  readonly createdAt: number;
  /** First instant at which it is refused. */
  readonly expiresAt: number;
  readonly acceptedAt: number | null;
  /** Id of the person. */
  readonly acceptedBy: string | null;
  readonly revokedAt: number | null;
}

/** A team, who is in it, and the invitations that were neither accepted nor revoked; expired ones are among them. */
export interface TeamPeople {
  readonly team: Team;
  readonly members: readonly Member[];
  readonly invitations: readonly Invitation[];
}

export const INVITATION_LIFE_MS = 7 * DAY_MS;
export const MAX_MEMBERS = 500;
export const MAX_INVITATIONS = 100;

export type PeopleRefusal =
  | 'not_found'
  | 'forbidden'
  | 'last_owner'
  | 'already_member'
  | 'invitation_ended'
  | 'too_many_people';

export type PeopleDecision =
  | { readonly kind: 'changed'; readonly people: TeamPeople }
  | { readonly kind: 'unchanged' }
  | { readonly kind: PeopleRefusal };

/** Who decides: the id of a person of the team, or `null` for the server itself, which may do anything. */
export type Actor = string | null;

/**
 * Adds an invitation; one that stands for the same address ends, since only one link for a person should be about. So the actor has to be
 * one who may end that too.
 */
export function invite(people: TeamPeople, actor: Actor, invitation: Invitation, now: number): PeopleDecision {
  const standing = people.invitations.filter((other) => !isEnded(other, now));
  const replaced = standing.filter(({ email }) => email === invitation.email);
  const role = roleOf(people, actor);
  if ([invitation, ...replaced].some((either) => !mayManage(role, null, either.role))) return { kind: 'forbidden' };
  if (standing.length - replaced.length >= MAX_INVITATIONS || people.members.length >= MAX_MEMBERS)
    return { kind: 'too_many_people' };
  const others = people.invitations.map((other) =>
    other.email === invitation.email ? { ...other, revokedAt: now } : other,
  );
  return { kind: 'changed', people: { ...people, invitations: [...others, invitation] } };
}

export function revokeInvitation(people: TeamPeople, actor: Actor, invitationId: string, now: number): PeopleDecision {
  const found = people.invitations.find(({ id }) => id === invitationId);
  if (found === undefined) return { kind: 'not_found' };
  if (!mayManage(roleOf(people, actor), found.role, null)) return { kind: 'forbidden' };
  return withInvitation(people, { ...found, revokedAt: now });
}

/** Makes the person a member, once. Who is a member already keeps the role, and the invitation ends. */
export function acceptInvitation(
  people: TeamPeople,
  invitationId: string,
  personId: string,
  now: number,
): PeopleDecision {
  const found = people.invitations.find(({ id }) => id === invitationId);
  if (found === undefined || isEnded(found, now)) return { kind: 'invitation_ended' };
  const accepted = withInvitation(people, { ...found, acceptedAt: now, acceptedBy: personId });
  if (memberOf(people, personId) !== undefined) return accepted;
  if (people.members.length >= MAX_MEMBERS) return { kind: 'too_many_people' };
  const member: Member = { teamId: people.team.id, personId, role: found.role, since: now };
  return { kind: 'changed', people: { ...accepted.people, members: [...people.members, member] } };
}

export function changeRole(people: TeamPeople, actor: Actor, personId: string, role: Role): PeopleDecision {
  const member = memberOf(people, personId);
  if (member === undefined) return { kind: 'not_found' };
  if (!mayManage(roleOf(people, actor), member.role, role)) return { kind: 'forbidden' };
  if (member.role === role) return { kind: 'unchanged' };
  if (isLastOwner(people, member)) return { kind: 'last_owner' };
  const members = people.members.map((other) => (other === member ? { ...member, role } : other));
  return { kind: 'changed', people: { ...people, members } };
}

/** Everybody may leave; a team is never left without an owner. */
export function removeMember(people: TeamPeople, actor: Actor, personId: string): PeopleDecision {
  const member = memberOf(people, personId);
  if (member === undefined) return { kind: 'not_found' };
  if (actor !== personId && !mayManage(roleOf(people, actor), member.role, null)) return { kind: 'forbidden' };
  if (isLastOwner(people, member)) return { kind: 'last_owner' };
  return { kind: 'changed', people: { ...people, members: people.members.filter((other) => other !== member) } };
}

/**
 * Ends, in the same step, the invitations that somebody of that name made and could not make with the role that is left to them: a link
 * that they kept, or sent to themselves, would be a way back.
 */
export function withoutInvitationsOf(
  decision: PeopleDecision,
  name: string,
  role: Role | null,
  now: number,
): PeopleDecision {
  if (decision.kind !== 'changed') return decision;
  const invitations = decision.people.invitations.map((invitation) =>
    invitation.invitedBy === name && !mayManage(role, null, invitation.role)
      ? { ...invitation, revokedAt: now }
      : invitation,
  );
  return { kind: 'changed', people: { ...decision.people, invitations } };
}

/** Makes the person an owner of a team that has none, as the team of an `outkit dev` has none. */
export function claimTeam(people: TeamPeople, personId: string, now: number): PeopleDecision {
  if (people.members.some(({ role }) => role === 'owner')) return { kind: 'unchanged' };
  const others = people.members.filter((member) => member.personId !== personId);
  const owner: Member = { teamId: people.team.id, personId, role: 'owner', since: now };
  return { kind: 'changed', people: { ...people, members: [...others, owner] } };
}

export function renameTeam(people: TeamPeople, name: string): PeopleDecision {
  if (people.team.name === name) return { kind: 'unchanged' };
  return { kind: 'changed', people: { ...people, team: { ...people.team, name } } };
}

/** An invitation that nobody can accept any more. */
export function isEnded({ acceptedAt, revokedAt, expiresAt }: Invitation, now: number): boolean {
  return acceptedAt !== null || revokedAt !== null || now >= expiresAt;
}

function memberOf(people: TeamPeople, personId: string): Member | undefined {
  return people.members.find((member) => member.personId === personId);
}

function roleOf(people: TeamPeople, actor: Actor): Role | null {
  return actor === null ? 'owner' : (memberOf(people, actor)?.role ?? null);
}

function isLastOwner(people: TeamPeople, member: Member): boolean {
  return member.role === 'owner' && people.members.every((other) => other === member || other.role !== 'owner');
}

function withInvitation(people: TeamPeople, invitation: Invitation): PeopleDecision & { readonly kind: 'changed' } {
  const invitations = people.invitations.map((other) => (other.id === invitation.id ? invitation : other));
  return { kind: 'changed', people: { ...people, invitations } };
}
