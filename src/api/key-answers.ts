import * as v from 'valibot';
import { ENVIRONMENTS } from '../core/environment.ts';
import { KEY_STATUSES } from '../core/key.ts';
import {
  type CallerUse,
  type ChangedKey,
  type CreatedKey,
  type KeyActivityPage,
  type KeyStats,
  type KeySummary,
  LIMIT_SCOPES,
  type RevokedKey,
} from '../core/key-service.ts';
import { SERIES_STEPS } from '../core/usage-series.ts';
import { answerTime, isoTime, isoTimeOrNull } from './bounds.ts';

/**
 * What the control API answers about keys, and `--json` prints: built here only, field by field, so that no hash and no plaintext
 * can slip into an answer. The schemas are for the client; fields that a newer server adds are ignored.
 */

export function summaryJson(key: KeySummary) {
  return {
    id: key.id,
    name: key.name,
    profileId: key.profileId,
    environment: key.environment,
    start: key.start,
    status: key.status,
    lastUsedAt: isoTimeOrNull(key.lastUsedAt),
    createdAt: isoTime(key.createdAt),
    createdBy: key.createdBy,
    expiresAt: isoTimeOrNull(key.expiresAt),
    rateLimitPerMinute: key.rateLimitPerMinute,
    revokedAt: isoTimeOrNull(key.revokedAt),
    revokeReason: key.revokeReason,
    previousSecret:
      key.previousSecret === null
        ? null
        : {
            start: key.previousSecret.start,
            acceptedUntil: isoTime(key.previousSecret.acceptedUntil),
            lastUsedAt: isoTimeOrNull(key.previousSecret.lastUsedAt),
          },
    endedSecrets: key.endedSecrets.map((ended) => ({
      start: ended.start,
      createdAt: isoTime(ended.createdAt),
      endedAt: isoTime(ended.endedAt),
      reason: ended.reason,
    })),
  };
}

/** A created or rotated key. `key` is there only when a plaintext is to be shown: this once. */
export function createdJson(created: CreatedKey) {
  return created.key === null ? summaryJson(created) : { ...summaryJson(created), key: created.key };
}

export function changedJson(changed: ChangedKey) {
  return { ...summaryJson(changed), gateways: changed.gateways };
}

export function revokedJson(revoked: RevokedKey) {
  return { id: revoked.id, revokedAt: isoTime(revoked.revokedAt), gateways: revoked.gateways };
}

export function statsJson(stats: KeyStats) {
  return {
    ...stats,
    since: isoTime(stats.since),
    lastUsedAt: isoTimeOrNull(stats.lastUsedAt),
    rateLimit: { ...stats.rateLimit, resetAt: isoTimeOrNull(stats.rateLimit.resetAt) },
    currentSecret: { ...stats.currentSecret, lastUse: useJson(stats.currentSecret.lastUse) },
    previousSecret:
      stats.previousSecret === null
        ? null
        : {
            ...stats.previousSecret,
            supersededAt: isoTime(stats.previousSecret.supersededAt),
            acceptedUntil: isoTime(stats.previousSecret.acceptedUntil),
            lastUse: useJson(stats.previousSecret.lastUse),
          },
    series: stats.series.map((point) => ({ ...point, at: isoTime(point.at) })),
  };
}

export function activityJson({ since, data, nextCursor }: KeyActivityPage) {
  return { since: isoTime(since), data, hasMore: nextCursor !== null, nextCursor };
}

function useJson(use: CallerUse | null) {
  return use === null ? null : { ...use, at: isoTime(use.at) };
}

const time = answerTime;
const timeOrNull = v.nullable(answerTime);
const count = v.pipe(v.number(), v.minValue(0));

const summaryEntries = {
  id: v.string(),
  name: v.string(),
  profileId: v.string(),
  environment: v.picklist(ENVIRONMENTS),
  start: v.string(),
  status: v.picklist(KEY_STATUSES),
  lastUsedAt: timeOrNull,
  createdAt: time,
  createdBy: v.string(),
  expiresAt: timeOrNull,
  rateLimitPerMinute: v.nullable(v.number()),
  revokedAt: timeOrNull,
  revokeReason: v.nullable(v.string()),
  previousSecret: v.nullable(v.object({ start: v.string(), acceptedUntil: time, lastUsedAt: timeOrNull })),
  endedSecrets: v.array(
    v.object({
      start: v.string(),
      createdAt: time,
      endedAt: time,
      reason: v.picklist(['superseded', 'expired', 'revoked']),
    }),
  ),
};

export const gatewaysAnswer = v.object({
  confirmed: count,
  waitedOut: count,
  ms: count,
  unconfirmed: v.optional(v.array(v.string()), []),
});

export const summaryAnswer = v.object(summaryEntries);
export const createdAnswer = v.object({ ...summaryEntries, key: v.optional(v.nullable(v.string()), null) });
export const changedAnswer = v.object({ ...summaryEntries, gateways: gatewaysAnswer });
export const revokedAnswer = v.object({ id: v.string(), revokedAt: time, gateways: gatewaysAnswer });
export const summariesAnswer = v.object({ data: v.array(summaryAnswer) });
export const keyPageAnswer = v.object({ data: v.array(summaryAnswer), nextCursor: v.nullable(v.string()) });
export const activityAnswer = v.object({
  since: time,
  data: v.array(
    v.object({ id: v.string(), served: v.array(count), errors: count, rateLimited: count, refused: count }),
  ),
  nextCursor: v.nullable(v.string()),
});
export const keyOfSecretAnswer = v.object({ key: summaryAnswer, secret: v.picklist(['current', 'previous', 'ended']) });

const use = v.nullable(v.object({ at: time, ip: v.string(), agent: v.string() }));
const counts = { served: count, clientErrors: count, serverErrors: count, rateLimited: count, refused: count };
const refusals = v.object({ revoked: count, superseded: count, expired: count, archived: count });
const latency = v.object({ p50Ms: count, p95Ms: count, p99Ms: count });

export const statsAnswer = v.object({
  id: v.string(),
  name: v.string(),
  profileId: v.string(),
  environment: v.picklist(ENVIRONMENTS),
  status: v.picklist(KEY_STATUSES),
  windowMs: count,
  since: time,
  ...counts,
  refusals,
  errorRate: v.nullable(v.number()),
  latency: v.nullable(latency),
  lastUsedAt: timeOrNull,
  rateLimit: v.object({
    limit: count,
    remaining: count,
    resetAt: timeOrNull,
    scope: v.optional(v.picklist(LIMIT_SCOPES), 'shared'),
  }),
  currentSecret: v.object({ start: v.string(), lastUse: use }),
  previousSecret: v.nullable(
    v.object({
      start: v.string(),
      supersededAt: time,
      acceptedUntil: time,
      answered: count,
      share: v.nullable(v.number()),
      lastUse: use,
      safeToEnd: v.boolean(),
    }),
  ),
  step: v.picklist(SERIES_STEPS),
  series: v.array(v.object({ at: time, ...counts, onPreviousSecret: count })),
});
