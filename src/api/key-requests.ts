import * as v from 'valibot';
import { DAY_MS, HOUR_MS, KEY_ID_PREFIX_PATTERN, MINUTE_MS } from '../core/clock.ts';
import { ENVIRONMENTS } from '../core/environment.ts';
import type { MintedSecret } from '../core/key-service.ts';
import { DEFAULT_GRACE_MS, MAX_GRACE_MS } from '../core/rotation.ts';
import { SECRET_HASH_PATTERN, START_PATTERN } from '../core/secret.ts';
import { MAX_HOURLY_WINDOW_MS, MAX_WINDOW_MS, SERIES_STEPS } from '../core/usage-series.ts';
import { keyId, name, profileId, rateLimitPerMinute, spanMs, utcTime, wholeNumber, withoutSecret } from './bounds.ts';

/** What the control API takes for keys. Every schema is closed: an unknown field is refused. */

const hash = v.pipe(v.string(), v.regex(SECRET_HASH_PATTERN, 'must be 64 lower-case hexadecimal characters'));
const start = v.pipe(v.string(), v.regex(START_PATTERN, 'must be the first 8 characters of a key'));

const mintedEntries = { hash: v.optional(hash), start: v.optional(start) };

interface MintedFields {
  readonly hash?: string | undefined;
  readonly start?: string | undefined;
}

/** Both, when the client minted; or neither, and the server mints. */
function bothOrNeither({ hash, start }: MintedFields): boolean {
  return (hash === undefined) === (start === undefined);
}

const TOGETHER = 'hash and start go together';

/** Gathers the two into the `secret` of the key service. */
export function mintedSecretOf({ hash, start }: MintedFields): MintedSecret | null {
  return hash === undefined || start === undefined ? null : { hash, start };
}

export const keyIdParams = v.strictObject({ keyId });

export const profileIdParams = v.strictObject({ profileId });

export const createKeyBody = v.pipe(
  v.strictObject({
    name,
    environment: v.optional(v.picklist(ENVIRONMENTS), 'development'),
    rateLimitPerMinute: v.optional(v.nullable(rateLimitPerMinute), null),
    expiresAt: v.optional(v.nullable(utcTime), null),
    ...mintedEntries,
  }),
  v.check((body) => bothOrNeither(body), TOGETHER),
);

/** What is absent stays as it is; `null` is the limit of the plan, or no end. */
export const updateKeyBody = v.pipe(
  v.strictObject({
    rateLimitPerMinute: v.optional(v.nullable(rateLimitPerMinute)),
    expiresAt: v.optional(v.nullable(utcTime)),
  }),
  v.check((body) => Object.keys(body).length > 0, 'nothing to change: give rateLimitPerMinute or expiresAt'),
);

export const rotateKeyBody = v.pipe(
  v.strictObject({
    graceMs: v.optional(spanMs(0, MAX_GRACE_MS), DEFAULT_GRACE_MS),
    replaceNew: v.optional(v.boolean(), false),
    ...mintedEntries,
  }),
  v.check((body) => bothOrNeither(body), TOGETHER),
);

export const extendGraceBody = v.strictObject({ byMs: spanMs(MINUTE_MS, MAX_GRACE_MS) });

export const MAX_REASON_LENGTH = 500;

export const revokeKeyBody = v.strictObject({
  reason: v.optional(
    v.nullable(
      v.pipe(
        v.string(),
        v.maxLength(MAX_REASON_LENGTH, `must be at most ${MAX_REASON_LENGTH} characters`),
        // No database keeps a lone surrogate as it is.
        v.check((text) => text.isWellFormed(), 'must be well-formed Unicode'),
        withoutSecret,
      ),
    ),
    null,
  ),
});

export const findByHashBody = v.strictObject({ hash });

export const findByPrefixQuery = v.strictObject({
  prefix: v.pipe(v.string(), v.regex(KEY_ID_PREFIX_PATTERN, 'must be key_ and at least 4 characters of the id')),
});

export const MAX_PAGE_SIZE = 100;

export const listKeysQuery = v.strictObject({
  include: v.optional(v.literal('revoked')),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(512))),
  limit: v.optional(
    v.pipe(wholeNumber, v.minValue(1), v.maxValue(MAX_PAGE_SIZE, `must be from 1 to ${MAX_PAGE_SIZE}`)),
    '50',
  ),
});

export const DEFAULT_WINDOW_MS = DAY_MS;

const WINDOW_RULE = 'must be from one hour to 365 days';

export const statsQuery = v.pipe(
  v.strictObject({
    windowMs: v.optional(
      v.pipe(wholeNumber, v.minValue(HOUR_MS, WINDOW_RULE), v.maxValue(MAX_WINDOW_MS, WINDOW_RULE)),
      String(DEFAULT_WINDOW_MS),
    ),
    step: v.optional(v.picklist(SERIES_STEPS)),
  }),
  v.check(
    ({ windowMs, step }) => step !== 'hour' || windowMs <= MAX_HOURLY_WINDOW_MS,
    'step hour goes with a window of at most 30 days',
  ),
);
