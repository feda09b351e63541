import { type InferResult, sql } from 'kysely';
import type { GatewayMember, SecretRead, Snapshot, StandingMembers, SyncAnswer } from '../../core/gateway-store.ts';
import type { SecretHash } from '../../core/secret-hash.ts';
import type { QueryBuilder } from '../sql/dialect.ts';
import { findKeyByHash, SECRET_COLUMNS } from '../sql/key-reads.ts';
import { type KeySecretRow, keysFromRows } from '../sql/key-rows.ts';
import { profileFromRow } from '../sql/profile-scripts.ts';
import type { GatewaysTable, ProfilesTable } from '../sql/schema.ts';
import { ask, type Script } from '../sql/script.ts';
import { queryTemplate, type SlotOf, statementTemplate } from '../sql/statement-template.ts';

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

export interface SyncValues {
  readonly epoch: string;
  readonly position: number;
}

/**
 * At most `limit` of the changes behind a position and the one at it, each beside what it changed, as it is now: a row for each secret of a key. One
 * row without a change when there is none. One statement, so all of it is of one moment; `epoch` is `null` for a gateway that may not synchronise.
 * With `isRecording`, its position is recorded.
 */
export function syncStatement(db: QueryBuilder, limit: number, isRecording: boolean) {
  return statementTemplate<SyncValues>((slot) => syncRows(db, slot, limit, isRecording));
}

function syncRows(db: QueryBuilder, slot: SlotOf<SyncValues>, limit: number, isRecording: boolean) {
  const [epoch, position] = [slot('epoch'), slot('position')];
  return (
    db
      .with('seen', (cte) => {
        const read = cte.selectFrom('gateways').select('epoch');
        if (!isRecording) return read.where('epoch', '=', epoch).where('retired_at', 'is', null);
        const recorded = cte.updateTable('gateways').set({ seen_at: TIME, applied_seq: position });
        return recorded.where('epoch', '=', epoch).where('retired_at', 'is', null).returning('epoch');
      })
      .with('logged', (cte) =>
        cte
          .selectFrom('changes')
          .selectAll()
          .where('seq', '>=', position)
          .orderBy('seq')
          // As text: of a placeholder the planner would think that it may be many, and read all keys for them.
          .limit(sql.lit(limit + 2)),
      )
      // It has one row, which the planner does not know by itself.
      .selectFrom((eb) => eb.selectFrom('change_clock').select('seq').limit(sql.lit(1)).as('change_clock'))
      .leftJoin('seen', (join) => join.onTrue())
      .leftJoin('logged', (join) => join.onTrue())
      .leftJoin('keys as k', (join) =>
        join.on('logged.kind', '=', 'key').on('logged.seq', '>', position).onRef('k.id', '=', 'logged.subject_id'),
      )
      .leftJoin('key_secrets as s', 's.key_id', 'k.id')
      .leftJoin('profiles as p', (join) =>
        join.on('logged.kind', '=', 'profile').on('logged.seq', '>', position).onRef('p.id', '=', 'logged.subject_id'),
      )
      .selectAll('k')
      .select(SECRET_COLUMNS)
      .select(['seen.epoch', 'change_clock.seq as clock_seq', TIME.as('now')])
      .select((eb) => eb.selectFrom('changes').select('changes.seq').orderBy('changes.seq').limit(1).as('oldest_seq'))
      .select(['logged.seq as change_seq', 'logged.kind', 'logged.subject_id', 'logged.at as change_at'])
      .select(sql<ProfilesTable | null>`to_json(p)`.as('profile'))
      .orderBy('logged.seq')
      .orderBy('s.ordinal')
  );
}

export type SyncRow = InferResult<ReturnType<typeof syncRows>>[number];

/** `null` for a gateway that may not synchronise. */
export function syncAnswer(rows: readonly SyncRow[], position: number, limit: number): SyncAnswer | null {
  const [first] = rows;
  if (first === undefined) throw new Error('the log of changes has no clock');
  if (first.epoch === null) return null;
  const { clock_seq: seq, now: databaseTime, oldest_seq: oldestSeq } = first;
  const logged = new Map(rows.map((row) => [row.change_seq, row]));
  const changes = [...logged.keys()].filter((change) => change !== null && change > position);
  const throughSeq = changes.length > limit ? (changes[limit - 1] ?? position) : seq;
  const page = rows.filter(({ change_seq }) => change_seq !== null && change_seq <= throughSeq);
  return {
    seq,
    databaseTime,
    throughSeq,
    positionMark: markOf(logged.get(position)),
    throughMark: markOf(logged.get(throughSeq)),
    keptFromSeq: oldestSeq ?? seq + 1,
    keys: keysFromRows(firstOfEach(page, ({ id }) => id) as readonly KeySecretRow[]),
    profiles: firstOfEach(page, ({ profile }) => profile?.id ?? null).map(({ profile }) =>
      profileFromRow(profile as ProfilesTable),
    ),
    hasUnknownChange: page.some(({ kind }) => kind !== 'key' && kind !== 'profile' && kind !== 'people'),
  };
}

/** The rows of the first change of each key or profile, whose id `idOf` says; `null` leaves a row out. */
function firstOfEach(rows: readonly SyncRow[], idOf: (row: SyncRow) => string | null): readonly SyncRow[] {
  const firstSeqs = new Map<string, number | null>();
  return rows.filter((row) => {
    const id = idOf(row);
    if (id === null) return false;
    if (!firstSeqs.has(id)) firstSeqs.set(id, row.change_seq);
    return firstSeqs.get(id) === row.change_seq;
  });
}

/** Two histories may both have changed the same thing, but hardly in the same millisecond. */
function markOf(row: SyncRow | undefined): string | null {
  return row === undefined ? null : `${row.kind} ${row.subject_id} ${row.change_at}`;
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
export const standingMembers = queryTemplate<object, StandingRow>((db) =>
  db
    .selectFrom('change_clock')
    .leftJoin('gateways', (join) => join.on('gateways.is_settled', '=', 0))
    .selectAll('gateways')
    .select(['change_clock.seq', TIME.as('now')])
    .orderBy('gateways.started_at')
    .orderBy('gateways.epoch'),
);

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
  const { members, ...snapshot } = standingFromRows(yield* ask(standingMembers(db, {})));
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
