import { DAY_MS, MINUTE_MS } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import { withFlagValue } from './command-line.ts';
import { parseDuration } from './duration.ts';

const FLAG = '--expires';
const RULE = { flag: FLAG, minMs: MINUTE_MS, maxMs: 3650 * DAY_MS };

/** A duration from now, or an RFC 3339 date (its first instant, UTC) or UTC time to come, as epoch milliseconds. Throws `usage`. */
export function parseExpiry(text: string, now: number, argv: readonly string[]): number {
  const hint = withFlagValue(argv, FLAG, '90d');
  const match = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z)?$/.exec(text);
  if (match === null) {
    if (/^\d+[smhd]?$/.test(text)) return now + parseDuration(text, { ...RULE, argv });
    throw new OutkitError('usage', `${FLAG} takes a duration, or a date such as 2027-01-31T00:00:00Z`, hint);
  }
  const time = Date.parse(text);
  // Date.parse lets the 30th of February through, as the 2nd of March.
  if (!Number.isFinite(time) || !new Date(time).toISOString().startsWith(match[1] ?? '')) {
    throw new OutkitError('usage', `${FLAG} names a day that does not exist`, hint);
  }
  if (time > now) return time;
  throw new OutkitError('usage', `${FLAG} lies in the past`, hint);
}
