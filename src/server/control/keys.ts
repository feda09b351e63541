import {
  changedAnswer,
  changedJson,
  createdAnswer,
  createdJson,
  keyOfSecretAnswer,
  keyPageAnswer,
  revokedAnswer,
  revokedJson,
  statsAnswer,
  statsJson,
  summariesAnswer,
  summaryAnswer,
  summaryJson,
} from '../../api/key-answers.ts';
import {
  createKeyBody,
  extendGraceBody,
  findByHashBody,
  findByPrefixQuery,
  keyIdParams,
  listKeysQuery,
  mintedSecretOf,
  profileIdParams,
  revokeKeyBody,
  rotateKeyBody,
  statsQuery,
} from '../../api/key-requests.ts';
import { type ControlRoute, controlRoute } from './control-route.ts';

const profileKeys = { path: '/v1/profiles/:profileId/keys', params: profileIdParams } as const;

/** Routes of the control API for keys. */
export const keyRoutes: readonly ControlRoute[] = [
  controlRoute({
    ...profileKeys,
    method: 'POST',
    summary:
      'Creates a key. With the `hash` and `start` of a secret that the client minted it is safe to repeat; without them the answer carries `key`, once.',
    status: 201,
    body: createKeyBody,
    answer: createdAnswer,
    handle: async ({ hash, start, ...key }, { keys }) =>
      createdJson(await keys.create({ ...key, secret: mintedSecretOf({ hash, start }) })),
  }),
  controlRoute({
    ...profileKeys,
    method: 'GET',
    summary: 'Lists the keys of a profile, newest first. `include=revoked` adds revoked and expired ones.',
    query: listKeysQuery,
    answer: keyPageAnswer,
    handle: async ({ profileId, include, cursor = null, limit }, { keys }) => {
      const includeEnded = include === 'revoked';
      const { data, nextCursor } = await keys.list({ profileId, includeEnded, cursor, limit });
      return { data: data.map(summaryJson), hasMore: nextCursor !== null, nextCursor };
    },
  }),
  controlRoute({
    method: 'GET',
    path: '/v1/keys',
    summary: 'Finds the keys of the team whose id starts with a prefix, at most 10.',
    query: findByPrefixQuery,
    answer: summariesAnswer,
    handle: async ({ prefix }, { keys }) => ({ data: (await keys.findByPrefix(prefix)).map(summaryJson) }),
  }),
  controlRoute({
    method: 'POST',
    path: '/v1/keys/find-by-hash',
    summary: 'Finds the key that has or had a secret, by its SHA-256, and says what the secret is to it.',
    body: findByHashBody,
    answer: keyOfSecretAnswer,
    handle: async ({ hash }, { keys }) => {
      const { key, secret } = await keys.findByHash(hash);
      return { key: summaryJson(key), secret };
    },
  }),
  controlRoute({
    method: 'GET',
    path: '/v1/keys/:keyId',
    summary: 'Shows a key.',
    params: keyIdParams,
    answer: summaryAnswer,
    handle: async ({ keyId }, { keys }) => summaryJson(await keys.find(keyId)),
  }),
  controlRoute({
    method: 'GET',
    path: '/v1/keys/:keyId/stats',
    summary:
      'Counts of a window, last use, what is left of the limit, and in a grace window the use of the old secret.',
    params: keyIdParams,
    query: statsQuery,
    answer: statsAnswer,
    handle: async ({ keyId, windowMs }, { keys }) => statsJson(await keys.stats(keyId, windowMs)),
  }),
  controlRoute({
    method: 'POST',
    path: '/v1/keys/:keyId/rotate',
    summary:
      'Replaces the secret; the old one is accepted for `graceMs` more. `replaceNew` mints again inside a grace window, when the new secret was lost.',
    params: keyIdParams,
    body: rotateKeyBody,
    answer: createdAnswer,
    handle: async ({ keyId, graceMs, replaceNew, ...minted }, { keys }) =>
      createdJson(await keys.rotate(keyId, { graceMs, replaceNew, secret: mintedSecretOf(minted) })),
  }),
  controlRoute({
    method: 'POST',
    path: '/v1/keys/:keyId/end-grace',
    summary: 'Ends the grace window now.',
    params: keyIdParams,
    answer: changedAnswer,
    handle: async ({ keyId }, { keys }) => changedJson(await keys.endGrace(keyId)),
  }),
  controlRoute({
    method: 'POST',
    path: '/v1/keys/:keyId/extend-grace',
    summary: 'Moves the end of the grace window, to at most 7 days after the rotation.',
    params: keyIdParams,
    body: extendGraceBody,
    answer: changedAnswer,
    handle: async ({ keyId, byMs }, { keys }) => changedJson(await keys.extendGrace(keyId, byMs)),
  }),
  controlRoute({
    method: 'POST',
    path: '/v1/keys/:keyId/cancel-rotation',
    summary: 'Undoes a rotation inside its grace window: the new secret ends, the old one is current again.',
    params: keyIdParams,
    answer: changedAnswer,
    handle: async ({ keyId }, { keys }) => changedJson(await keys.cancelRotation(keyId)),
  }),
  controlRoute({
    method: 'POST',
    path: '/v1/keys/:keyId/revoke',
    summary:
      'Ends a key for ever. In force at every gateway when it answers; repeating it answers with the first time.',
    params: keyIdParams,
    body: revokeKeyBody,
    answer: revokedAnswer,
    handle: async ({ keyId, reason }, { keys }) => revokedJson(await keys.revoke(keyId, reason)),
  }),
];
