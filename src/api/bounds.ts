import * as v from 'valibot';
import { KEY_ID_PATTERN, PROFILE_ID_PATTERN } from '../core/clock.ts';
import { MAX_RATE_LIMIT } from '../core/key.ts';
import { NAME_RULE, normalizedName } from '../core/key-name.ts';
import { holdsSecret } from '../core/secret.ts';

/** Building blocks of every request schema. Messages say the rule, never the value. */

/** For text that is kept and shown: whoever pastes a key there by mistake is told, and it is not stored. */
export const withoutSecret = v.check((text: string) => !holdsSecret(text), 'must not hold a key');

export const name = v.pipe(
  v.string(),
  v.check((text) => normalizedName(text) !== null, `must be ${NAME_RULE}`),
  withoutSecret,
  v.transform((text) => normalizedName(text) as string),
);

export const rateLimitPerMinute = v.pipe(
  v.number('must be a whole number from 1 to 1000000000'),
  v.integer('must be a whole number from 1 to 1000000000'),
  v.minValue(1, 'must be a whole number from 1 to 1000000000'),
  v.maxValue(MAX_RATE_LIMIT, 'must be a whole number from 1 to 1000000000'),
);

export const keyId = v.pipe(v.string(), v.regex(KEY_ID_PATTERN, 'must be a key id'));
export const profileId = v.pipe(v.string(), v.regex(PROFILE_ID_PATTERN, 'must be a profile id'));

/** RFC 3339 in UTC, such as `2027-01-31T00:00:00Z`; days that do not exist are refused. Read as epoch milliseconds. */
export const utcTime = v.pipe(
  v.string(),
  v.check(isUtcTime, 'must be an RFC 3339 time in UTC, such as 2027-01-31T00:00:00Z'),
  v.transform((text) => Date.parse(text)),
);

function isUtcTime(text: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{1,3})?Z$/.exec(text);
  const time = Date.parse(text);
  return match !== null && Number.isFinite(time) && new Date(time).toISOString().startsWith(match[1] as string);
}

/** A number in a query, where everything is text. */
export const wholeNumber = v.pipe(v.string(), v.regex(/^\d{1,12}$/, 'must be a whole number'), v.transform(Number));

/** A span in milliseconds, whole, from `min` to `max`. */
export function spanMs(min: number, max: number) {
  const rule = `must be a whole number of milliseconds from ${min} to ${max}`;
  return v.pipe(v.number(rule), v.integer(rule), v.minValue(min, rule), v.maxValue(max, rule));
}

/** A time in an answer: ISO 8601 on the wire, epoch milliseconds in the program. */
export const answerTime = v.pipe(v.string(), v.isoTimestamp(), v.transform(Date.parse));

export function isoTime(time: number): string {
  return new Date(time).toISOString();
}

export function isoTimeOrNull(time: number | null): string | null {
  return time === null ? null : isoTime(time);
}
