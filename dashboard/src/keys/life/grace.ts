import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/core/clock.ts';
import { DEFAULT_GRACE_MS, MAX_GRACE_MS } from '../../../../src/core/rotation.ts';

/** Spans for which an old secret may be accepted further, the stops of the slider. */
export const GRACE_STOPS_MS: readonly number[] = [
  0,
  HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DEFAULT_GRACE_MS,
  2 * DAY_MS,
  3 * DAY_MS,
  MAX_GRACE_MS,
];

export const DEFAULT_STOP = GRACE_STOPS_MS.indexOf(DEFAULT_GRACE_MS);

/** Spans by which the end of a grace window is moved. */
export const EXTENSIONS_MS: readonly number[] = [HOUR_MS, 6 * HOUR_MS, DAY_MS, 3 * DAY_MS];

const UNITS = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['min', MINUTE_MS],
  ['s', 1000],
] as const;

/** In its greatest units: `6 d 23 h`, `4 min 9 s`. What is left over is left out. */
export function spanText(spanMs: number, maxUnits = 2): string {
  const counts = UNITS.map(([unit, unitMs], index) => {
    const above = UNITS[index - 1]?.[1] ?? Number.POSITIVE_INFINITY;
    return [Math.floor((Math.max(0, spanMs) % above) / unitMs), unit] as const;
  });
  const first = counts.findIndex(([count]) => count > 0);
  if (first === -1) return '0 s';
  return counts
    .slice(first, first + maxUnits)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
