import type { Insertable, Selectable } from 'kysely';
import type { Invitation, Member } from '../../core/membership.ts';
import type { Team } from '../../core/profile.ts';
import { hashBytes } from './key-rows.ts';
import type { InvitationsTable, MembersTable, TeamsTable } from './schema.ts';

export function teamFromRow({ id, name, created_at }: Selectable<TeamsTable>): Team {
  return { id, name, createdAt: created_at };
}

export function memberRow({ teamId, personId, role, since }: Member): Insertable<MembersTable> {
  return { team_id: teamId, person_id: personId, role, since };
}

export function memberFromRow({ team_id, person_id, role, since }: Selectable<MembersTable>): Member {
  return { teamId: team_id, personId: person_id, role, since };
}

export function invitationRow(invitation: Invitation): Insertable<InvitationsTable> {
  const tokenHash = hashBytes(invitation.tokenHash);
  if (tokenHash === null) throw new Error(`invitation ${invitation.id} has a malformed hash`);
  return {
    id: invitation.id,
    team_id: invitation.teamId,
    email: invitation.email,
    role: invitation.role,
    token_hash: tokenHash,
    invited_by: invitation.invitedBy,
    created_at: invitation.createdAt,
    expires_at: invitation.expiresAt,
    accepted_at: invitation.acceptedAt,
    accepted_by: invitation.acceptedBy,
    revoked_at: invitation.revokedAt,
  };
}

export function invitationFromRow(row: Selectable<InvitationsTable>): Invitation {
  return {
    id: row.id,
    teamId: row.team_id,
    email: row.email,
    role: row.role,
    tokenHash: Buffer.from(row.token_hash).toString('hex'),
    invitedBy: row.invited_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    acceptedAt: row.accepted_at,
    acceptedBy: row.accepted_by,
    revokedAt: row.revoked_at,
  };
}
