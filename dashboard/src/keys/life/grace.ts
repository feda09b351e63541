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

/** In its two greatest units: `6 d 23 h`, `4 min 9 s`, `24 h` is `1 d`. */
export function spanText(spanMs: number): string {
  const left = Math.max(0, spanMs);
  const first = UNITS.findIndex(([, unitMs]) => left >= unitMs);
  if (first === -1) return '0 s';
  return UNITS.slice(first, first + 2)
    .map(([unit, unitMs], index) => {
      const whole = index === 0 ? left : left % (UNITS[first]?.[1] ?? 1);
      return [Math.floor(whole / unitMs), unit] as const;
    })
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
