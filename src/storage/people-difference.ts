import type { Invitation, Member, TeamPeople } from '../core/membership.ts';
import type { Team } from '../core/profile.ts';

/** What a change of a team and its people has to write: only what may ever change, and only what did. */
export interface PeopleDifference {
  /** The new name of the team; `null` when it keeps the one that it has. */
  readonly name: string | null;
  readonly newMembers: readonly Member[];
  /** Members that were there before and have another role now. */
  readonly changedMembers: readonly Member[];
  /** Ids of persons. */
  readonly removedMembers: readonly string[];
  readonly newInvitations: readonly Invitation[];
  /** Invitations that stood before, and were accepted or revoked. */
  readonly endedInvitations: readonly Invitation[];
  /** The latest moment that the change states as past; `null` when it states none. */
  readonly at: number | null;
}

const FIXED_TEAM_FIELDS = ['id', 'createdAt'] as const;
const INVITATION_ENDS = ['acceptedAt', 'acceptedBy', 'revokedAt'] as const satisfies readonly (keyof Invitation)[];
const FIXED_INVITATION_FIELDS = [
  'teamId',
  'email',
  'role',
  'tokenHash',
  'invitedBy',
  'createdAt',
  'expiresAt',
] as const satisfies readonly (keyof Invitation)[];

/** What differs, or `null` when nothing does. Throws when something differs that is fixed for ever: the caller is wrong. */
export function peopleDifference(before: TeamPeople, after: TeamPeople): PeopleDifference | null {
  const { id } = before.team;
  if (!same(before.team, after.team, FIXED_TEAM_FIELDS))
    throw new Error(`a change of team ${id} touches what is fixed`);
  if ([...after.members, ...after.invitations].some(({ teamId }) => teamId !== id)) {
    throw new Error(`a change of team ${id} touches another team`);
  }
  const members = memberDifference(before, after);
  const invitations = invitationDifference(before, after);
  const name = before.team.name === after.team.name ? null : after.team.name;
  const lists = [...Object.values(members), ...Object.values(invitations)];
  if (name === null && lists.every((list) => list.length === 0)) return null;
  return { name, ...members, ...invitations, at: latestMoment({ ...members, ...invitations }) };
}

/** A new team. Throws when who comes with it is not its owner. */
export function foundedPeople(team: Team, owner: Member): TeamPeople {
  if (owner.teamId !== team.id || owner.role !== 'owner') throw new Error(`team ${team.id} would have no owner`);
  return { team, members: [owner], invitations: [] };
}

function memberDifference(
  before: TeamPeople,
  after: TeamPeople,
): Pick<PeopleDifference, 'newMembers' | 'changedMembers' | 'removedMembers'> {
  const known = new Map(before.members.map((member) => [member.personId, member]));
  const kept = new Set(after.members.map(({ personId }) => personId));
  if (kept.size < after.members.length) throw new Error(`a change of team ${before.team.id} has a member twice`);
  return {
    newMembers: after.members.filter(({ personId }) => !known.has(personId)),
    changedMembers: after.members.filter((member) => {
      const old = known.get(member.personId);
      if (old === undefined) return false;
      if (old.since !== member.since) throw new Error(`a change of team ${before.team.id} rewrites a membership`);
      return old.role !== member.role;
    }),
    removedMembers: [...known.keys()].filter((personId) => !kept.has(personId)),
  };
}

function invitationDifference(
  before: TeamPeople,
  after: TeamPeople,
): Pick<PeopleDifference, 'newInvitations' | 'endedInvitations'> {
  const known = new Map(before.invitations.map((invitation) => [invitation.id, invitation]));
  const kept = new Set(after.invitations.map(({ id }) => id));
  if (kept.size < after.invitations.length)
    throw new Error(`a change of team ${before.team.id} has an invitation twice`);
  if (before.invitations.some(({ id }) => !kept.has(id))) {
    throw new Error(`a change of team ${before.team.id} drops an invitation`);
  }
  const newInvitations = after.invitations.filter(({ id }) => !known.has(id));
  const endedInvitations = after.invitations.filter((invitation) => {
    const old = known.get(invitation.id);
    if (old === undefined || same(old, invitation, INVITATION_ENDS)) return false;
    if (!isStanding(old)) throw new Error(`a change of invitation ${old.id} touches how it ended`);
    return true;
  });
  for (const invitation of after.invitations) requireSound(invitation, known.get(invitation.id));
  return { newInvitations, endedInvitations };
}

/** Throws unless the invitation is as it was, or ended in one way; a new one has to stand. */
function requireSound(invitation: Invitation, old: Invitation | undefined): void {
  const { id, acceptedAt, acceptedBy, revokedAt } = invitation;
  if (old !== undefined && !same(old, invitation, FIXED_INVITATION_FIELDS)) {
    throw new Error(`a change of invitation ${id} touches what is fixed`);
  }
  if (old === undefined && !isStanding(invitation)) throw new Error(`the new invitation ${id} has ended`);
  const isHalf = (acceptedAt === null) !== (acceptedBy === null);
  if (isHalf || (acceptedAt !== null && revokedAt !== null))
    throw new Error(`invitation ${id} does not end in one way`);
}

function isStanding({ acceptedAt, acceptedBy, revokedAt }: Invitation): boolean {
  return acceptedAt === null && acceptedBy === null && revokedAt === null;
}

function latestMoment({
  newMembers,
  newInvitations,
  endedInvitations,
}: Pick<PeopleDifference, 'newMembers' | 'newInvitations' | 'endedInvitations'>): number | null {
  const moments = [
    ...newMembers.map(({ since }) => since),
    ...newInvitations.map(({ createdAt }) => createdAt),
    ...endedInvitations.map(({ acceptedAt, revokedAt }) => acceptedAt ?? revokedAt ?? 0),
  ];
  return moments.length === 0 ? null : Math.max(...moments);
}

function same<Value, Field extends keyof Value>(left: Value, right: Value, fields: readonly Field[]): boolean {
  return fields.every((field) => left[field] === right[field]);
}
