import type { SelectQueryBuilder } from 'kysely';
import type { Key } from '../../core/key.ts';
import type { KeyQuery } from '../../core/key-store.ts';
import type { SecretHash } from '../../core/secret-hash.ts';
import type { QueryBuilder } from './dialect.ts';
import { hashBytes, type KeySecretRow, keysFromRows } from './key-rows.ts';
import type { Database, KeysTable } from './schema.ts';
import { ask, type Script } from './script.ts';
import { queryTemplate } from './statement-template.ts';

/** Of `key_secrets as s`, beside a key. */
export const SECRET_COLUMNS = [
  's.hash as secret_hash',
  's.ordinal as secret_ordinal',
  's.start as secret_start',
  's.created_at as secret_created_at',
  's.superseded_at as secret_superseded_at',
  's.accepted_until as secret_accepted_until',
  's.revoked_at as secret_revoked_at',
  's.request_digest as secret_request_digest',
] as const;

/** Greater than whatever may follow a prefix: the last code point, which is no character. */
const AFTER_ANY_TEXT = '\u{10ffff}';

export interface KeyOfTeam {
  readonly keyId: string;
  readonly teamId: string;
}

const keyOfTeam = queryTemplate<KeyOfTeam, KeySecretRow>((db, slot) => {
  const keys = db.selectFrom('keys').selectAll();
  return withSecrets(db, keys.where('id', '=', slot('keyId')).where('team_id', '=', slot('teamId')));
});

export function* findKey(db: QueryBuilder, teamId: string, keyId: string): Script<Key | null> {
  return firstKey(yield* ask(keyOfTeam(db, { keyId, teamId })));
}

/** The keys with these ids, in any team: for a comparison of databases. Whoever asks for a caller names the team. */
export function* keysWithIds(db: QueryBuilder, ids: readonly string[]): Script<readonly Key[]> {
  return keysFromRows(yield* ask(withSecrets(db, db.selectFrom('keys').selectAll().where('id', 'in', ids))));
}

export function* findKeyByHash(db: QueryBuilder, hash: SecretHash): Script<Key | null> {
  const bytes = hashBytes(hash);
  if (bytes === null) return null;
  const owner = db.selectFrom('key_secrets').select('key_id').where('hash', '=', bytes);
  return firstKey(yield* ask(withSecrets(db, db.selectFrom('keys').selectAll().where('id', '=', owner))));
}

export function* listKeys(db: QueryBuilder, teamId: string, query: KeyQuery): Script<readonly Key[]> {
  const { profileId, includeEnded, now, after, limit } = query;
  let page = db
    .selectFrom('keys')
    .selectAll()
    .where('team_id', '=', teamId)
    .where('profile_id', '=', profileId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (!includeEnded) {
    page = page
      .where('revoked_at', 'is', null)
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]));
  }
  if (after !== null) {
    page = page.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(after.createdAt, after.id)));
  }
  const rows = withSecrets(db, page).clearOrderBy().orderBy('k.created_at', 'desc').orderBy('k.id', 'desc');
  return keysFromRows(yield* ask(rows.orderBy('s.ordinal')));
}

export function* keysByIdPrefix(
  db: QueryBuilder,
  teamId: string,
  prefix: string,
  limit: number,
): Script<readonly Key[]> {
  const page = db
    .selectFrom('keys')
    .selectAll()
    .where('team_id', '=', teamId)
    .where('id', '>=', prefix)
    .where('id', '<', prefix + AFTER_ANY_TEXT)
    .orderBy('id')
    .limit(limit);
  return keysFromRows(yield* ask(withSecrets(db, page)));
}

export function* allKeys(db: QueryBuilder, afterId: string, limit: number): Script<readonly Key[]> {
  const page = db.selectFrom('keys').selectAll().where('id', '>', afterId).orderBy('id').limit(limit);
  return keysFromRows(yield* ask(withSecrets(db, page)));
}

/** The selected keys beside their secrets, in one statement, so that both are of one moment; ordered by id, then ordinal. */
export function withSecrets(db: QueryBuilder, keys: SelectQueryBuilder<Database, 'keys', KeysTable>) {
  return db
    .selectFrom(keys.as('k'))
    .innerJoin('key_secrets as s', 's.key_id', 'k.id')
    .selectAll('k')
    .select(SECRET_COLUMNS)
    .orderBy('k.id')
    .orderBy('s.ordinal');
}

function firstKey(rows: readonly KeySecretRow[]): Key | null {
  return keysFromRows(rows)[0] ?? null;
}
