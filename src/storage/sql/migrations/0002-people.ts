import type { SqlDialect } from '../dialect.ts';
import type { Migration } from '../migrations.ts';

/**
 * Members and invitations, changes of people, and the session in the audit log. The checks of a column cannot be altered, so both logs
 * are copied. No entry's hash changes: one without a session is hashed as it was before there were sessions.
 */
export const people: Migration = {
  version: 2,
  name: 'people',
  statements: (dialect) => [...logTables(dialect), ...peopleTables(dialect)],
};

function logTables({ types: { text, integer }, tableOptions }: SqlDialect): string[] {
  const kept = 'change_seq, team_id, seq, at, actor, client, ip, action, subject_kind, subject_id, profile_id';
  const columns = `${kept}, before, after, previous_hash, hash`;
  return [
    `create table next_changes (
      seq ${integer} primary key,
      kind ${text} not null check (kind in ('key', 'profile', 'people')),
      subject_id ${text} not null,
      at ${integer} not null
    ) ${tableOptions}`,
    'insert into next_changes (seq, kind, subject_id, at) select seq, kind, subject_id, at from changes',
    // Actions and kinds are checked by nobody but their hash: what somebody else wrote here is to be found, not to be hidden.
    `create table next_audit (
      change_seq ${integer} primary key references next_changes (seq),
      team_id ${text} not null references teams (id),
      seq ${integer} not null,
      at ${integer} not null,
      actor ${text} not null,
      session ${text},
      client ${text},
      ip ${text},
      action ${text} not null,
      subject_kind ${text} not null,
      subject_id ${text} not null,
      profile_id ${text},
      before ${text},
      after ${text},
      previous_hash ${text} not null,
      hash ${text} not null,
      unique (team_id, seq)
    ) ${tableOptions}`,
    `insert into next_audit (${columns}) select ${columns} from audit`,
    'drop table audit',
    'drop table changes',
    'alter table next_changes rename to changes',
    'alter table next_audit rename to audit',
    'create index audit_of_subject on audit (team_id, subject_id, seq)',
  ];
}

function peopleTables(dialect: SqlDialect): string[] {
  const { text, integer, bytes } = dialect.types;
  const role = `role ${text} not null check (role in ('owner', 'admin', 'member'))`;
  return [
    // Who the person is stands elsewhere: accounts are kept by whoever lets people sign in.
    `create table members (
      team_id ${text} not null references teams (id),
      person_id ${text} not null,
      ${role},
      since ${integer} not null,
      primary key (team_id, person_id)
    ) ${dialect.clusteredTableOptions}`,
    'create index members_by_person on members (person_id, team_id)',
    // Rows are never deleted: a link that was used or revoked is never good again.
    `create table invitations (
      id ${text} primary key,
      team_id ${text} not null references teams (id),
      email ${text} not null,
      ${role},
      token_hash ${bytes} not null unique check (length(token_hash) = 32),
      invited_by ${text} not null,
      created_at ${integer} not null,
      expires_at ${integer} not null,
      accepted_at ${integer},
      accepted_by ${text},
      revoked_at ${integer}
    ) ${dialect.tableOptions}`,
    `create index standing_invitations_of_team on invitations (team_id, created_at, id)
      where accepted_at is null and revoked_at is null`,
    `create index standing_invitations_for on invitations (email, created_at, id)
      where accepted_at is null and revoked_at is null`,
  ];
}
