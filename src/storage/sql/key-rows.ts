import type { Insertable, Selectable } from 'kysely';
import type { Key, Secret } from '../../core/key.ts';
import { SECRET_HASH_PATTERN } from '../../core/secret.ts';
import type { SecretHash } from '../../core/secret-hash.ts';
import type { KeySecretsTable, KeysTable } from './schema.ts';

/** A row of a key beside one of its secrets. */
export interface KeySecretRow extends Selectable<KeysTable> {
  secret_hash: Uint8Array;
  secret_ordinal: number;
  secret_start: string;
  secret_created_at: number;
  secret_superseded_at: number | null;
  secret_accepted_until: number | null;
  secret_revoked_at: number | null;
  secret_request_digest: string;
}

/** Folds rows that are ordered by key, then ordinal, into keys in the same order. */
export function keysFromRows(rows: readonly KeySecretRow[]): Key[] {
  const keys = new Map<string, { row: KeySecretRow; secrets: Secret[] }>();
  for (const row of rows) {
    const known = keys.get(row.id);
    if (known === undefined) keys.set(row.id, { row, secrets: [secretFromRow(row)] });
    else known.secrets.push(secretFromRow(row));
  }
  return [...keys.values()].map(({ row, secrets }) => keyFromRow(row, secrets));
}

function keyFromRow(row: Selectable<KeysTable>, secrets: readonly Secret[]): Key {
  return {
    id: row.id,
    teamId: row.team_id,
    profileId: row.profile_id,
    name: row.name,
    environment: row.environment,
    rateLimitPerMinute: row.rate_limit_per_minute,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    createdBy: row.created_by,
    revokedAt: row.revoked_at,
    revokedBy: row.revoked_by,
    revokeReason: row.revoke_reason,
    version: row.version,
    secrets,
  };
}

function secretFromRow(row: KeySecretRow): Secret {
  return {
    hash: Buffer.from(row.secret_hash).toString('hex'),
    start: row.secret_start,
    ordinal: row.secret_ordinal,
    createdAt: row.secret_created_at,
    supersededAt: row.secret_superseded_at,
    acceptedUntil: row.secret_accepted_until,
    revokedAt: row.secret_revoked_at,
    requestDigest: row.secret_request_digest,
  };
}

export function keyRow(key: Key): KeysTable {
  return {
    id: key.id,
    team_id: key.teamId,
    profile_id: key.profileId,
    name: key.name,
    environment: key.environment,
    rate_limit_per_minute: key.rateLimitPerMinute,
    expires_at: key.expiresAt,
    created_at: key.createdAt,
    created_by: key.createdBy,
    revoked_at: key.revokedAt,
    revoked_by: key.revokedBy,
    revoke_reason: key.revokeReason,
    version: key.version,
  };
}

export function secretRow(keyId: string, secret: Secret): Insertable<KeySecretsTable> {
  const hash = hashBytes(secret.hash);
  if (hash === null) throw new Error(`key ${keyId} has a malformed hash`);
  return {
    hash,
    key_id: keyId,
    ordinal: secret.ordinal,
    start: secret.start,
    created_at: secret.createdAt,
    superseded_at: secret.supersededAt,
    accepted_until: secret.acceptedUntil,
    revoked_at: secret.revokedAt,
    request_digest: secret.requestDigest,
  };
}

/** The bytes of a hash; `null` for text that is none, upper case included: decoding would make two spellings one hash. */
export function hashBytes(hash: SecretHash): Uint8Array | null {
  return SECRET_HASH_PATTERN.test(hash) ? Buffer.from(hash, 'hex') : null;
}
