import type { StoredEvent } from '../../../../src/core/render-event.ts';

/** Somebody who used a key, told apart by address and program. */
export interface CallerOfKey {
  readonly ip: string;
  readonly agent: string;
  readonly lastAt: number;
  readonly requests: number;
}

/** Who is behind these requests, the latest first. Pure. */
export function callersOf(events: readonly StoredEvent[]): CallerOfKey[] {
  const byCaller = Map.groupBy(events, ({ ip, agent }) => JSON.stringify([ip, agent]));
  return [...byCaller.values()]
    .map((own) => ({
      ip: own[0]?.ip ?? '',
      agent: own[0]?.agent ?? '',
      lastAt: Math.max(...own.map(({ at }) => at)),
      requests: own.reduce((sum, { count }) => sum + count, 0),
    }))
    .toSorted((left, right) => right.lastAt - left.lastAt);
}
