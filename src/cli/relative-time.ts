import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/clock.ts';

const SECOND_MS = 1_000;

/** A time as people read it in a table: `3h ago`, `in 5d`, `just now`, and `never` for `null`. */
export function relativeTime(time: number | null, now: number): string {
  if (time === null) return 'never';
  const distance = Math.abs(now - time);
  if (distance < MINUTE_MS) return time > now ? 'in under 1m' : 'just now';
  return time > now ? `in ${coarse(distance)}` : `${coarse(distance)} ago`;
}

/** The same for what is about now, such as `2s ago`. A clock that is ahead of ours has no future here. */
export function relativeSeconds(time: number, now: number): string {
  const distance = Math.max(0, now - time);
  return distance < MINUTE_MS ? `${Math.floor(distance / SECOND_MS)}s ago` : relativeTime(time, now);
}

function coarse(spanMs: number): string {
  if (spanMs < HOUR_MS) return `${Math.floor(spanMs / MINUTE_MS)}m`;
  if (spanMs < DAY_MS) return `${Math.floor(spanMs / HOUR_MS)}h`;
  return `${Math.floor(spanMs / DAY_MS)}d`;
}

/** A time in the person's own time zone, to the minute: `2026-11-24 15:04`. */
export function localTime(time: number): string {
  return `${localDay(time)} ${localTimeOfDay(time).slice(0, 5)}`;
}

/** The day there: `2026-11-24`. */
export function localDay(time: number): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}

/** The time of that day, to the second: `15:04:05`. */
export function localTimeOfDay(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
