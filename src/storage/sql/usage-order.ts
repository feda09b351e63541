import type { LastUse, UsageBatch } from '../../core/usage.ts';

/**
 * The batch with its rows in one order, the same for all: of two batches that are written at once one may wait for the other, never both.
 * What stands at the same place keeps its order.
 */
export function inOneOrder(batch: UsageBatch): UsageBatch {
  return {
    ...batch,
    rows: batch.rows.toSorted(
      (left, right) => byPlace(left, right) || left.hour - right.hour || Number(left.inGrace) - Number(right.inGrace),
    ),
    lastUses: batch.lastUses.toSorted(byPlace),
  };
}

type Place = Pick<LastUse, 'keyId' | 'secretOrdinal'>;

function byPlace(left: Place, right: Place): number {
  if (left.keyId !== right.keyId) return left.keyId < right.keyId ? -1 : 1;
  return left.secretOrdinal - right.secretOrdinal;
}
