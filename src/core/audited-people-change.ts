import type { AuditAction, AuditedChange, AuditFacts } from './audit.ts';
import { changedFacts, timeText } from './audited-change.ts';
import type { Invitation, Member, TeamPeople } from './membership.ts';
import type { Team } from './profile.ts';

/**
 * What a change of a team and its people says in the audit log, one for each thing that differs; `null` before the team was founded.
 * An invitation that ends stands before what takes its place, and before the member that it brings.
 */
export function peopleChangesOf(before: TeamPeople | null, after: TeamPeople): readonly AuditedChange[] {
  const invitations = paired(before?.invitations ?? [], after.invitations, ({ id }) => id);
  const members = paired(before?.members ?? [], after.members, ({ personId }) => personId);
  return [
    teamChange(before?.team ?? null, after.team),
    ...invitations.map(([was, is]) => (is === null ? null : invitationChange(was, is))),
    ...members.map(([was, is]) => memberChange(was, is)),
  ].filter((change) => change !== null);
}

function teamChange(before: Team | null, after: Team): AuditedChange | null {
  const facts = ({ name }: Team) => ({ name });
  const action = before === null ? 'team.create' : 'team.rename';
  return changed(action, { subjectKind: 'team', subjectId: after.id }, before && facts(before), facts(after));
}

function invitationChange(before: Invitation | null, after: Invitation): AuditedChange | null {
  const isAccepted = before !== null && before.acceptedAt !== after.acceptedAt;
  const action = before === null ? 'invitation.create' : isAccepted ? 'invitation.accept' : 'invitation.revoke';
  const subject = { subjectKind: 'invitation', subjectId: after.id } as const;
  return changed(action, subject, before && invitationFacts(before), invitationFacts(after));
}

/** When it was accepted is when the entry was made. Its token opens a team: neither that nor its hash is ever told. */
function invitationFacts({ email, role, expiresAt, acceptedBy, revokedAt }: Invitation): AuditFacts {
  return { email, role, expiresAt: timeText(expiresAt), acceptedBy, revokedAt: timeText(revokedAt) };
}

function memberChange(before: Member | null, after: Member | null): AuditedChange | null {
  const member = after ?? before;
  if (member === null) return null;
  const action = before === null ? 'member.add' : after === null ? 'member.remove' : 'member.role';
  const facts = (of: Member | null) => ({ role: of?.role ?? null });
  return changed(action, { subjectKind: 'member', subjectId: member.personId }, before && facts(before), facts(after));
}

/** `null` when no fact differs. */
function changed(
  action: AuditAction,
  subject: Pick<AuditedChange, 'subjectKind' | 'subjectId'>,
  before: AuditFacts | null,
  after: AuditFacts,
): AuditedChange | null {
  const facts = changedFacts(before, after);
  return Object.keys(facts.after).length === 0 ? null : { action, ...subject, profileId: null, ...facts };
}

/** Those that were there, in their order, then the new ones. */
function paired<Item>(
  before: readonly Item[],
  after: readonly Item[],
  idOf: (item: Item) => string,
): readonly (readonly [Item | null, Item | null])[] {
  const known = new Set(before.map(idOf));
  const kept = new Map(after.map((item) => [idOf(item), item]));
  const old = before.map((item) => [item, kept.get(idOf(item)) ?? null] as const);
  return [...old, ...after.filter((item) => !known.has(idOf(item))).map((item) => [null, item] as const)];
}
