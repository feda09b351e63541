import { useEffect, useState } from 'react';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/clock.ts';
import { texts } from './texts.ts';

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });
const FULL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

const UNITS = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
  ['second', 1000],
] as const;

/** `3 min. ago`, `in 2 days`; what is less than 10 seconds away is now. */
export function relativeTime(time: number, now: number): string {
  const spanMs = time - now;
  if (Math.abs(spanMs) < 10_000) return texts.keys.justNow;
  const [unit, unitMs] = UNITS.find(([, ms]) => Math.abs(spanMs) >= ms) ?? UNITS[3];
  return RELATIVE.format(Math.trunc(spanMs / unitMs), unit);
}

/** In the zone of the browser. */
export function fullTime(time: number): string {
  return FULL.format(time);
}

const TICK_MS = 5_000;

/** The time by the clock of the browser, again every 5 seconds. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
