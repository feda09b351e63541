import { sql } from 'kysely';
import type { GatewayMember, SecretRead, Snapshot, StandingMembers, SyncAnswer } from '../../core/gateway-store.ts';
import type { SecretHash } from '../../core/secret-hash.ts';
import type { QueryBuilder } from '../sql/dialect.ts';
import { findKeyByHash, keysWithIds } from '../sql/key-reads.ts';
import { profileFromRow } from '../sql/profile-scripts.ts';
import type { ChangesTable, GatewaysTable } from '../sql/schema.ts';
import { ask, type Script } from '../sql/script.ts';

/** Epoch milliseconds at the moment of the statement, not of the transaction. */
const TIME = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

export function* registerGateway(
  db: QueryBuilder,
  { epoch, label, version }: Pick<GatewayMember, 'epoch' | 'label' | 'version'>,
): Script<Snapshot> {
  const snapshot = yield* snapshotNow(db);
  const { databaseTime: now, seq } = snapshot;
  const row = {
    epoch,
    label,
    version,
    started_at: now,
    seen_at: now,
    applied_seq: seq,
    retired_at: null,
    is_drained: 0,
    is_settled: 0,
  };
  yield* ask(db.insertInto('gateways').values(row as GatewaysTable));
  return snapshot;
}

const seen = (db: Pick<QueryBuilder, 'updateTable'>, epoch: string, position: number) =>
  db
    .updateTable('gateways')
    .set({ seen_at: TIME, applied_seq: position })
    .where('epoch', '=', epoch)
    .where('retired_at', 'is', null)
    .returning('epoch');

/**
 * Records the position, and says how far the log goes, with the change at the position; `epoch` is `null` for a gateway that may not
 * synchronise. One statement.
 */
export function recordPosition(db: QueryBuilder, epoch: string, position: number) {
  return db
    .with('seen', (cte) => seen(cte, epoch, position))
    .selectFrom('change_clock')
    .leftJoin('seen', (join) => join.onTrue())
    .leftJoin('changes', (join) => join.on('changes.seq', '=', position))
    .select(['seen.epoch', 'change_clock.seq', TIME.as('now')])
    .select(['changes.kind', 'changes.subject_id', 'changes.at']);
}

type LoggedChange = { readonly [Column in 'kind' | 'subject_id' | 'at']: ChangesTable[Column] | null };

/** Two histories may both have changed the same thing, but hardly in the same millisecond. */
export function markOf(change: LoggedChange | undefined): string | null {
  if (change === undefined || change.at === null) return null;
  return `${change.kind} ${change.subject_id} ${change.at}`;
}

/** Has to run in one snapshot, which its first statement begins: it is the one that writes. */
export function* syncGateway(
  db: QueryBuilder,
  epoch: string,
  position: number,
  limit: number,
): Script<SyncAnswer | null> {
  if ((yield* ask(seen(db, epoch, position))).length === 0) return null;
  const { oldestSeq, ...snapshot } = yield* snapshotWithOldest(db);
  const fromPosition = db.selectFrom('changes').selectAll().where('seq', '>=', position);
  const logged = yield* ask(fromPosition.orderBy('seq').limit(limit + 2));
  const known = logged.find(({ seq }) => seq === position);
  const changes = logged.filter(({ seq }) => seq > position);
  const page = changes.slice(0, limit);
  const throughSeq = changes.length > limit ? (page.at(-1)?.seq ?? position) : snapshot.seq;
  const idsOf = (kind: string) => [
    ...new Set(page.filter((change) => change.kind === kind).map((change) => change.subject_id)),
  ];
  const [keyIds, profileIds] = [idsOf('key'), idsOf('profile')];
  const keys = keyIds.length === 0 ? [] : yield* keysWithIds(db, keyIds);
  const profiles =
    profileIds.length === 0 ? [] : yield* ask(db.selectFrom('profiles').selectAll().where('id', 'in', profileIds));
  return {
    ...snapshot,
    throughSeq,
    positionMark: markOf(known),
    throughMark: markOf(logged.find(({ seq }) => seq === throughSeq)),
    keptFromSeq: oldestSeq ?? snapshot.seq + 1,
    keys,
    profiles: profiles.map(profileFromRow),
    hasUnknownChange: page.some(({ kind }) => kind !== 'key' && kind !== 'profile' && kind !== 'people'),
  };
}

export function* readSecret(db: QueryBuilder, hash: SecretHash): Script<SecretRead> {
  const snapshot = yield* snapshotNow(db);
  const key = yield* findKeyByHash(db, hash);
  if (key === null) return { ...snapshot, found: null };
  const [row] = yield* ask(db.selectFrom('profiles').selectAll().where('id', '=', key.profileId));
  if (row === undefined) throw new Error(`key ${key.id} is of a profile that is not there`);
  return { ...snapshot, found: { key, profile: profileFromRow(row) } };
}

/** One statement; a row without a gateway when there is none. */
export function standingMembers(db: QueryBuilder) {
  return db
    .selectFrom('change_clock')
    .leftJoin('gateways', (join) => join.on('gateways.is_settled', '=', 0))
    .selectAll('gateways')
    .select(['change_clock.seq', TIME.as('now')])
    .orderBy('gateways.started_at')
    .orderBy('gateways.epoch');
}

export function standingFromRows(rows: readonly StandingRow[]): StandingMembers {
  const [first] = rows;
  if (first === undefined) throw new Error('the log of changes has no clock');
  const members = rows.filter((row): row is StandingRow & GatewaysTable => row.epoch !== null).map(memberFromRow);
  return { seq: first.seq, databaseTime: first.now, members };
}

type StandingRow = { readonly [Column in keyof GatewaysTable]: GatewaysTable[Column] | null } & {
  readonly seq: number;
  readonly now: number;
};

export function* listGateways(db: QueryBuilder, withinMs: number): Script<StandingMembers> {
  const { members, ...snapshot } = standingFromRows(yield* ask(standingMembers(db)));
  const since = snapshot.databaseTime - withinMs;
  const settled = db.selectFrom('gateways').selectAll().where('is_settled', '=', 1).where('retired_at', '>', since);
  const rows = yield* ask(settled.orderBy('retired_at'));
  return { ...snapshot, members: [...members, ...rows.map(memberFromRow)] };
}

export function* findGateway(db: QueryBuilder, epoch: string): Script<GatewayMember | null> {
  const [row] = yield* ask(db.selectFrom('gateways').selectAll().where('epoch', '=', epoch));
  return row === undefined ? null : memberFromRow(row);
}

export function* retireGateway(db: QueryBuilder, epoch: string, isDrained: boolean): Script<boolean> {
  const flag = isDrained ? 1 : 0;
  const retire = db
    .updateTable('gateways')
    .set({ retired_at: TIME, is_drained: flag, is_settled: flag })
    .where('epoch', '=', epoch)
    .where('retired_at', 'is', null);
  return (yield* ask(retire.returning('epoch'))).length > 0;
}

export function* settleGateway(db: QueryBuilder, { epoch, seenAt, retiredAt }: GatewayMember): Script<void> {
  const settle = db
    .updateTable('gateways')
    .set((eb) => ({ retired_at: eb.fn.coalesce('retired_at', TIME), is_settled: 1 }))
    .where('epoch', '=', epoch);
  yield* ask(retiredAt === null ? settle.where('retired_at', 'is', null).where('seen_at', '=', seenAt) : settle);
}

/** The same, with the number of the oldest change that is kept: one way to the server less for each synchronisation. */
function* snapshotWithOldest(db: QueryBuilder): Script<Snapshot & { readonly oldestSeq: number | null }> {
  const oldest = db.selectFrom('changes').select('changes.seq').orderBy('changes.seq').limit(1);
  const [row] = yield* ask(db.selectFrom('change_clock').select(['seq', TIME.as('now'), oldest.as('oldest')]));
  if (row === undefined) throw new Error('the log of changes has no clock');
  return { seq: row.seq, databaseTime: row.now, oldestSeq: row.oldest };
}

/** The number of the last change, and the time. */
function* snapshotNow(db: QueryBuilder): Script<Snapshot> {
  const [row] = yield* ask(db.selectFrom('change_clock').select(['seq', TIME.as('now')]));
  if (row === undefined) throw new Error('the log of changes has no clock');
  return { seq: row.seq, databaseTime: row.now };
}

function memberFromRow(row: GatewaysTable): GatewayMember {
  return {
    epoch: row.epoch,
    label: row.label,
    version: row.version,
    startedAt: row.started_at,
    seenAt: row.seen_at,
    appliedSeq: row.applied_seq,
    retiredAt: row.retired_at,
    isDrained: row.is_drained === 1,
    isSettled: row.is_settled === 1,
  };
}
