import { useEffect, useState } from 'react';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/clock.ts';
import { texts } from './texts.ts';

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });
const FULL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

const PRECISE = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

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

/** To the millisecond, in the zone of the browser. */
export function preciseTime(time: number): string {
  return PRECISE.format(time);
}

/** A span in microseconds: `0.4 ms`, `120 ms`, `12.3 s`. */
export function spanOfUs(us: number): string {
  const ms = us / 1000;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

const HOUR = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** `14:05`, in the zone of the browser. */
export function hourText(time: number): string {
  return HOUR.format(time);
}

/** In the zone of the browser. */
export function fullTime(time: number): string {
  return FULL.format(time);
}

const TICK_MS = 5_000;

/** The time by the clock of the browser, again at each tick: every 5 seconds where nothing else is asked for. */
export function useNow(tickMs = TICK_MS): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, [tickMs]);
  return now;
}
