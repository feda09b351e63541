import type { BarrierTime } from '../../core/barrier-times.ts';
import { DAY_MS } from '../../core/clock.ts';
import type { QueryBuilder } from '../sql/dialect.ts';
import type { BarriersTable } from '../sql/schema.ts';
import { ask, type Script } from '../sql/script.ts';

/** Of one gateway. */
const KEPT = 200;
const KEPT_MS = DAY_MS;
/** Of one statement. */
const MAX_ROWS = 500;

/** Records the newest of them, under numbers from `first` on, and forgets what nobody is shown any more. */
export function* recordBarriers(
  db: QueryBuilder,
  epoch: string,
  first: number,
  barriers: readonly BarrierTime[],
): Script<void> {
  const rows = barriers.map((barrier, index) => rowOf(epoch, first + index, barrier)).slice(-MAX_ROWS);
  const last = rows.at(-1);
  if (last === undefined) return;
  yield* ask(db.insertInto('barriers').values(rows));
  const ownOld = db
    .deleteFrom('barriers')
    .where('epoch', '=', epoch)
    .where('number', '<=', last.number - KEPT);
  yield* ask(ownOld);
  yield* ask(db.deleteFrom('barriers').where('at', '<', last.at - KEPT_MS));
}

/** The newest first. */
export function* listBarriers(db: QueryBuilder, limit: number): Script<readonly BarrierTime[]> {
  const newest = db.selectFrom('barriers').selectAll().orderBy('at', 'desc').orderBy('number', 'desc');
  const rows = yield* ask(newest.limit(limit));
  return rows.map(({ at, label, ms, confirmed, waited_out }) => ({
    at,
    gateway: label,
    ms,
    confirmed,
    waitedOut: waited_out,
  }));
}

function rowOf(epoch: string, number: number, barrier: BarrierTime): BarriersTable {
  const { at, gateway, ms, confirmed, waitedOut } = barrier;
  return { epoch, number, label: gateway, at, ms, confirmed, waited_out: waitedOut };
}
