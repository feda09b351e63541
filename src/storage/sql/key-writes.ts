import type { AuditAuthor } from '../../core/audit.ts';
import { keyChangeOf } from '../../core/audited-change.ts';
import type { Key, Secret } from '../../core/key.ts';
import type { ChangeOutcome, KeyChange } from '../../core/key-store.ts';
import { keyDifference } from '../key-difference.ts';
import { appendChange, type ClockRow, clockAndHead, heldClockFrom, holdClock, recordChange } from './change-log.ts';
import type { QueryBuilder } from './dialect.ts';
import { type KeyOfTeam, withSecrets } from './key-reads.ts';
import { type KeySecretRow, keyRow, keysFromRows, secretRow } from './key-rows.ts';
import type { KeysTable } from './schema.ts';
import { ask, type Script, tell } from './script.ts';
import { queryTemplate, type SlotOf } from './statement-template.ts';

/** Thrown by a script to undo what it wrote: a hash of a new secret is taken. */
export class HashInUse extends Error {}

/** The clock is held from the start: who changes a key inserts secrets with the clock in hand, and of two of the same hash none may wait for the other there. */
export function* insertKey(db: QueryBuilder, key: Key, author: AuditAuthor): Script<void> {
  const clock = yield* holdClock(db, key.teamId);
  yield* tell(db.insertInto('keys').values(keyRow(key)));
  yield* insertSecrets(db, key.id, key.secrets);
  yield* appendChange(db, clock, key.teamId, author, keyChangeOf(null, key), key.createdAt);
}

/** Writes a key as it is, in the place of `before` with its id if there is one. For a database that serves nobody: a change writes a difference. */
export function* putKey(db: QueryBuilder, before: Key | null, key: Key, author: AuditAuthor): Script<void> {
  const { id, ...columns } = keyRow(key);
  const insert = db.insertInto('keys').values({ id, ...columns });
  yield* ask(insert.onConflict((conflict) => conflict.column('id').doUpdateSet(columns)));
  yield* ask(db.deleteFrom('key_secrets').where('key_id', '=', id));
  yield* insertSecrets(db, id, key.secrets);
  yield* recordChange(db, key.teamId, author, keyChangeOf(before, key), author.at);
}

/** Not `for update`: it would wait for everybody who inserts a row that refers to this one, and they hold the clock that it waits for. */
const keyLock = queryTemplate<KeyOfTeam, unknown>((db, slot) => keyOfTeam(db, slot).select('id').forNoKeyUpdate());

/** Nobody else waits because of a key that is not there. */
const clockLockForKey = queryTemplate<KeyOfTeam, unknown>((db, slot) =>
  db
    .selectFrom('change_clock')
    .select('seq')
    .where((eb) => eb.exists(keyOfTeam(db, slot).select('id')))
    .forNoKeyUpdate(),
);

const keyAndClock = queryTemplate<KeyOfTeam, KeySecretRow & ClockRow>((db, slot) =>
  withSecrets(db, keyOfTeam(db, slot).selectAll())
    .innerJoin(clockAndHead(db, slot('teamId')).as('clock'), (join) => join.onTrue())
    .selectAll('clock'),
);

function keyOfTeam(db: QueryBuilder, slot: SlotOf<KeyOfTeam>) {
  return db.selectFrom('keys').where('id', '=', slot('keyId')).where('team_id', '=', slot('teamId'));
}

/**
 * Key, clock and head are held and read on one way to the database, and what is written goes with the commit. Of a key that is being inserted nobody
 * knows the id yet: one that came between the locks and the read would be changed without them.
 */
export function* changeKey<Result>(
  db: QueryBuilder,
  teamId: string,
  keyId: string,
  author: AuditAuthor,
  decide: (key: Key) => KeyChange<Result>,
): Script<Exclude<ChangeOutcome<Result>, { kind: 'hash_in_use' }>> {
  yield* tell(keyLock(db, { keyId, teamId }));
  yield* tell(clockLockForKey(db, { keyId, teamId }));
  const rows = yield* ask(keyAndClock(db, { keyId, teamId }));
  const [before] = keysFromRows(rows);
  if (before === undefined) return { kind: 'not_found' };
  const { key: after, result } = decide(before);
  const difference = after === null ? null : keyDifference(before, after);
  if (after !== null && difference !== null) {
    yield* tell(keyUpdate(db, keyRow(after)));
    for (const secret of difference.endedSecrets) yield* endSecret(db, secretRow(keyId, secret));
    yield* insertSecrets(db, keyId, difference.newSecrets);
    yield* appendChange(db, heldClockFrom(rows[0]), teamId, author, keyChangeOf(before, after), difference.at);
  }
  return { kind: 'decided', result };
}

function* insertSecrets(db: QueryBuilder, keyId: string, secrets: readonly Secret[]): Script<void> {
  for (const secret of secrets) {
    const insert = db
      .insertInto('key_secrets')
      .values(secretRow(keyId, secret))
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .returning('hash');
    if ((yield* ask(insert)).length === 0) throw new HashInUse();
  }
}

/** Of a key only these may ever change. */
type KeyUpdate = Pick<
  KeysTable,
  'id' | 'version' | 'rate_limit_per_minute' | 'expires_at' | 'revoked_at' | 'revoked_by' | 'revoke_reason'
>;

const keyUpdate = queryTemplate<KeyUpdate, unknown>((db, slot) =>
  db
    .updateTable('keys')
    .set({
      version: slot('version'),
      rate_limit_per_minute: slot('rate_limit_per_minute'),
      expires_at: slot('expires_at'),
      revoked_at: slot('revoked_at'),
      revoked_by: slot('revoked_by'),
      revoke_reason: slot('revoke_reason'),
    })
    .where('id', '=', slot('id')),
);

function* endSecret(db: QueryBuilder, row: ReturnType<typeof secretRow>): Script<void> {
  const { superseded_at, accepted_until, revoked_at } = row;
  yield* tell(
    db.updateTable('key_secrets').set({ superseded_at, accepted_until, revoked_at }).where('hash', '=', row.hash),
  );
}
