import type { Invitation, TeamPeople } from '../../core/membership.ts';
import type { TeamRole } from '../../core/people-store.ts';
import type { QueryBuilder } from './dialect.ts';
import { hashBytes } from './key-rows.ts';
import { invitationFromRow, memberFromRow, teamFromRow } from './people-rows.ts';
import type { MembersTable, TeamsTable } from './schema.ts';
import { ask, type Script } from './script.ts';
import { queryTemplate } from './statement-template.ts';

export function* findPeople(db: QueryBuilder, teamId: string): Script<TeamPeople | null> {
  const members = db.selectFrom('members').selectAll().where('team_id', '=', teamId);
  const invitations = db
    .selectFrom('invitations')
    .selectAll()
    .where('team_id', '=', teamId)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null);
  const people = {
    members: (yield* ask(members.orderBy('since').orderBy('person_id'))).map(memberFromRow),
    invitations: (yield* ask(invitations.orderBy('created_at').orderBy('id'))).map(invitationFromRow),
  };
  const [team] = yield* ask(db.selectFrom('teams').selectAll().where('id', '=', teamId));
  return team === undefined ? null : { team: teamFromRow(team), ...people };
}

const rolesOf = queryTemplate<{ readonly personId: string }, TeamsTable & Pick<MembersTable, 'role'>>((db, slot) =>
  db
    .selectFrom('members')
    .innerJoin('teams', 'teams.id', 'members.team_id')
    .select(['teams.id', 'teams.name', 'teams.created_at', 'members.role'])
    .where('members.person_id', '=', slot('personId'))
    .orderBy('teams.created_at')
    .orderBy('teams.id'),
);

export function* teamsOf(db: QueryBuilder, personId: string): Script<readonly TeamRole[]> {
  const rows = yield* ask(rolesOf(db, { personId }));
  return rows.map(({ role, ...team }) => ({ team: teamFromRow(team), role }));
}

export function* findInvitation(db: QueryBuilder, tokenHash: string): Script<Invitation | null> {
  const bytes = hashBytes(tokenHash);
  if (bytes === null) return null;
  const [row] = yield* ask(db.selectFrom('invitations').selectAll().where('token_hash', '=', bytes));
  return row === undefined ? null : invitationFromRow(row);
}

export function* invitationsFor(db: QueryBuilder, email: string): Script<readonly Invitation[]> {
  const standing = db
    .selectFrom('invitations')
    .selectAll()
    .where('email', '=', email)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null);
  return (yield* ask(standing.orderBy('created_at').orderBy('id'))).map(invitationFromRow);
}

/** Every team has an owner once it has members, so that the first few rows answer. */
export function* hasOwner(db: QueryBuilder): Script<boolean> {
  const owner = db.selectFrom('members').select('team_id').where('role', '=', 'owner').limit(1);
  return (yield* ask(owner)).length > 0;
}

export function* teamOf(db: QueryBuilder, kind: 'key' | 'profile', id: string): Script<string | null> {
  const table = kind === 'key' ? 'keys' : 'profiles';
  const [row] = yield* ask(db.selectFrom(table).select('team_id').where('id', '=', id));
  return row?.team_id ?? null;
}
