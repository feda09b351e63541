import {
  addRow,
  emptySum,
  type LastUse,
  requireCounts,
  type UsageBatch,
  type UsageRow,
  type UsageSum,
} from '../../core/usage.ts';

/**
 * The batch with one row and one last use for each place, in one order, the same for all batches: of two that are written at once one may
 * wait for the other, never both. Throws when a row is not well formed: in a sum nobody would see it.
 */
export function inOneOrder(batch: UsageBatch): UsageBatch {
  return { ...batch, rows: sumsInOneOrder(batch.rows), lastUses: latestInOneOrder(batch.lastUses) };
}

/** The rows as those of a batch. */
export function sumsInOneOrder(rows: readonly UsageRow[]): readonly UsageRow[] {
  const sums: UsageSum[] = [];
  for (const row of rows.toSorted(byPlaceAndHour)) {
    requireCounts(row);
    const last = sums.at(-1);
    const isOfLast = last !== undefined && byPlaceAndHour(last, row) === 0;
    const sum = isOfLast ? last : emptySum(row);
    addRow(sum, row);
    if (!isOfLast) sums.push(sum);
  }
  return sums;
}

/** Of two at the same time, the first. */
function latestInOneOrder(lastUses: readonly LastUse[]): readonly LastUse[] {
  const byTime = lastUses.toSorted((left, right) => bySecret(left, right) || right.at - left.at);
  return byTime.filter((use, index) => {
    const before = byTime[index - 1];
    return before === undefined || bySecret(before, use) !== 0;
  });
}

type OfSecret = Pick<LastUse, 'keyId' | 'secretOrdinal'>;

function byPlaceAndHour(left: UsageRow, right: UsageRow): number {
  return bySecret(left, right) || left.hour - right.hour || Number(left.inGrace) - Number(right.inGrace);
}

function bySecret(left: OfSecret, right: OfSecret): number {
  if (left.keyId !== right.keyId) return left.keyId < right.keyId ? -1 : 1;
  return left.secretOrdinal - right.secretOrdinal;
}
