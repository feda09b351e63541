import type { SqlDialect } from '../dialect.ts';
import type { Migration } from '../migrations.ts';

/** Teams, profiles, keys with their secrets, the log of changes and its clock, the audit log, and usage. */
export const firstTables: Migration = {
  version: 1,
  name: 'first-tables',
  statements: (dialect) => [
    ...profileTables(dialect),
    ...keyTables(dialect),
    ...changeTables(dialect),
    ...auditTables(dialect),
    ...usageTables(dialect),
  ],
};

function profileTables({ types: { text, integer }, tableOptions }: SqlDialect): string[] {
  return [
    `create table teams (
      id ${text} primary key,
      name ${text} not null,
      created_at ${integer} not null
    ) ${tableOptions}`,
    // The pair is unique so that a key can refer to it: its team is its profile's team.
    `create table profiles (
      id ${text} primary key,
      team_id ${text} not null references teams (id),
      name ${text} not null,
      plan ${text} not null check (plan in ('free', 'pro')),
      design ${text} not null,
      created_at ${integer} not null,
      archived_at ${integer},
      unique (team_id, id)
    ) ${tableOptions}`,
    'create index profiles_of_team on profiles (team_id, created_at, id)',
  ];
}

function keyTables({ types: { text, integer, bytes }, tableOptions }: SqlDialect): string[] {
  return [
    `create table keys (
      id ${text} primary key,
      team_id ${text} not null,
      profile_id ${text} not null,
      name ${text} not null,
      environment ${text} not null check (environment in ('development', 'staging', 'production')),
      rate_limit_per_minute ${integer},
      expires_at ${integer},
      created_at ${integer} not null,
      created_by ${text} not null,
      revoked_at ${integer},
      revoked_by ${text},
      revoke_reason ${text},
      version ${integer} not null check (version > 0),
      foreign key (team_id, profile_id) references profiles (team_id, id)
    ) ${tableOptions}`,
    'create index keys_of_team on keys (team_id, id)',
    'create index keys_of_profile on keys (team_id, profile_id, created_at, id)',
    // A profile that rotates through many short-lived keys is still listed without reading the revoked ones.
    'create index unrevoked_keys_of_profile on keys (team_id, profile_id, created_at, id) where revoked_at is null',
    // Rows are never deleted: a hash stays taken for ever, whatever became of its secret.
    `create table key_secrets (
      hash ${bytes} primary key check (length(hash) = 32),
      key_id ${text} not null references keys (id),
      ordinal ${integer} not null,
      start ${text} not null,
      created_at ${integer} not null,
      superseded_at ${integer},
      accepted_until ${integer},
      revoked_at ${integer},
      request_digest ${text} not null,
      unique (key_id, ordinal)
    ) ${tableOptions}`,
  ];
}

function changeTables({ types: { text, integer }, tableOptions }: SqlDialect): string[] {
  return [
    `create table changes (
      seq ${integer} primary key,
      kind ${text} not null check (kind in ('key', 'profile')),
      subject_id ${text} not null,
      at ${integer} not null
    ) ${tableOptions}`,
    `create table change_clock (
      id ${integer} primary key check (id = 1),
      seq ${integer} not null,
      at ${integer} not null
    ) ${tableOptions}`,
    'insert into change_clock (id, seq, at) values (1, 0, 0)',
  ];
}

function auditTables({ types: { text, integer }, tableOptions }: SqlDialect): string[] {
  return [
    // Actions and kinds are checked by nobody but their hash: what somebody else wrote here is to be found, not to be hidden.
    `create table audit (
      change_seq ${integer} primary key references changes (seq),
      team_id ${text} not null references teams (id),
      seq ${integer} not null,
      at ${integer} not null,
      actor ${text} not null,
      client ${text},
      ip ${text},
      action ${text} not null,
      subject_kind ${text} not null,
      subject_id ${text} not null,
      profile_id ${text} not null,
      before ${text},
      after ${text},
      previous_hash ${text} not null,
      hash ${text} not null,
      unique (team_id, seq)
    ) ${tableOptions}`,
    'create index audit_of_subject on audit (team_id, subject_id, seq)',
  ];
}

function usageTables({ types: { text, integer }, clusteredTableOptions }: SqlDialect): string[] {
  const counts = ['served', 'client_errors', 'server_errors', 'rate_limited', 'refused'];
  return [
    // The hour stands before the secret: statistics read a range of hours of one key.
    `create table usage (
      key_id ${text} not null references keys (id),
      secret_ordinal ${integer} not null,
      in_grace ${integer} not null check (in_grace in (0, 1)),
      hour ${integer} not null,
      ${counts.map((count) => `${count} ${integer} not null check (${count} >= 0),`).join('\n      ')}
      primary key (key_id, hour, secret_ordinal, in_grace)
    ) ${clusteredTableOptions}`,
    `create table key_last_used (
      key_id ${text} not null references keys (id),
      secret_ordinal ${integer} not null,
      at ${integer} not null,
      ip ${text} not null,
      agent ${text} not null,
      primary key (key_id, secret_ordinal)
    ) ${clusteredTableOptions}`,
  ];
}
