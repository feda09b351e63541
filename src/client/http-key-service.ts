import { isoTimeOrNull } from '../api/bounds.ts';
import {
  activityAnswer,
  changedAnswer,
  createdAnswer,
  keyOfSecretAnswer,
  keyPageAnswer,
  revokedAnswer,
  statsAnswer,
  summariesAnswer,
  summaryAnswer,
} from '../api/key-answers.ts';
import type { KeyService, ListKeys } from '../core/key-service.ts';
import type { CallControlApi } from './control-api.ts';

/** The key service of a server elsewhere, over its control API. */
export function httpKeyService(call: CallControlApi): KeyService {
  return {
    create: ({ profileId, secret, expiresAt, ...key }) =>
      call(keysPath({ profileId }), createdAnswer, {
        ...key,
        expiresAt: isoTimeOrNull(expiresAt),
        ...secret,
      }),
    list: (query) => call(`${keysPath(query)}?${pageQuery(query)}`, keyPageAnswer),
    activity: (query) => call(`${keysPath(query)}/activity?${pageQuery(query)}`, activityAnswer),
    find: (keyId) => call(keyPath(keyId), summaryAnswer),
    findByPrefix: async (prefix) => {
      const found = await call(`/v1/keys?${new URLSearchParams({ prefix })}`, summariesAnswer);
      return found.data;
    },
    findByHash: (hash) => call('/v1/keys/find-by-hash', keyOfSecretAnswer, { hash }),
    stats: (keyId, windowMs, step) => {
      const query = new URLSearchParams({ windowMs: String(windowMs) });
      if (step !== undefined) query.set('step', step);
      return call(`${keyPath(keyId)}/stats?${query}`, statsAnswer);
    },
    update: (keyId, { rateLimitPerMinute, expiresAt }) =>
      call(`${keyPath(keyId)}/update`, changedAnswer, {
        rateLimitPerMinute,
        expiresAt: expiresAt === undefined ? undefined : isoTimeOrNull(expiresAt),
      }),
    rotate: (keyId, { secret, ...rotation }) =>
      call(`${keyPath(keyId)}/rotate`, createdAnswer, { ...rotation, ...secret }),
    endGrace: (keyId) => call(`${keyPath(keyId)}/end-grace`, changedAnswer, {}),
    extendGrace: (keyId, byMs) => call(`${keyPath(keyId)}/extend-grace`, changedAnswer, { byMs }),
    cancelRotation: (keyId) => call(`${keyPath(keyId)}/cancel-rotation`, changedAnswer, {}),
    revoke: (keyId, reason) => call(`${keyPath(keyId)}/revoke`, revokedAnswer, { reason }),
  };
}

function keysPath({ profileId }: Pick<ListKeys, 'profileId'>): string {
  return `/v1/profiles/${encodeURIComponent(profileId)}/keys`;
}

function pageQuery({ includeEnded, cursor, limit }: Omit<ListKeys, 'profileId'>): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit) });
  if (includeEnded) query.set('include', 'revoked');
  if (cursor !== null) query.set('cursor', cursor);
  return query;
}

function keyPath(keyId: string): string {
  return `/v1/keys/${encodeURIComponent(keyId)}`;
}
