import type { KeyActivity } from '../core/key-service.ts';
import { totalUsage, type UsageRow } from '../core/usage.ts';
import { totalsOf, usageSeries } from '../core/usage-series.ts';

/** What each of these keys was used for, hour by hour, from the rows of all of them. Pure. */
export function activityOf(
  keyIds: readonly string[],
  rows: readonly UsageRow[],
  since: number,
  until: number,
): KeyActivity[] {
  const rowsOf = Map.groupBy(rows, ({ keyId }) => keyId);
  return keyIds.map((id) => {
    const own = rowsOf.get(id) ?? [];
    const { clientErrors, serverErrors, rateLimited, refused } = totalsOf(totalUsage(own));
    const served = usageSeries(own, 'hour', since, until).map((point) => point.served);
    return { id, served, errors: clientErrors + serverErrors, rateLimited, refused };
  });
}
