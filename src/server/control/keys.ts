import {
  activityAnswer,
  activityJson,
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
  updateKeyBody,
} from '../../api/key-requests.ts';
import { OutkitError } from '../../core/errors.ts';
import { MAX_PREFIX_MATCHES } from '../../services/key-reads.ts';
import { missing } from '../../services/refusals.ts';
import { type ControlRoute, searchRoute, type TeamServices, teamRoute } from './control-route.ts';

const profileKeys = { path: '/v1/profiles/:profileId/keys', params: profileIdParams, team: 'profileId' } as const;
const ofKey = { params: keyIdParams, team: 'keyId' } as const;

/** Routes of the control API for keys. */
export const keyRoutes: readonly ControlRoute[] = [
  teamRoute({
    ...profileKeys,
    method: 'POST',
    action: 'key.create',
    summary:
      'Creates a key. With the `hash` and `start` of a secret that the client minted it is safe to repeat; without them the answer carries `key`, once.',
    status: 201,
    body: createKeyBody,
    answer: createdAnswer,
    handle: async ({ hash, start, ...key }, { keys }) =>
      createdJson(await keys.create({ ...key, secret: mintedSecretOf({ hash, start }) })),
  }),
  teamRoute({
    ...profileKeys,
    method: 'GET',
    action: 'key.read',
    summary: 'Lists the keys of a profile, newest first. `include=revoked` adds revoked and expired ones.',
    query: listKeysQuery,
    answer: keyPageAnswer,
    handle: async ({ profileId, include, cursor = null, limit }, { keys }) => {
      const includeEnded = include === 'revoked';
      const { data, nextCursor } = await keys.list({ profileId, includeEnded, cursor, limit });
      return { data: data.map(summaryJson), hasMore: nextCursor !== null, nextCursor };
    },
  }),
  teamRoute({
    method: 'GET',
    path: '/v1/profiles/:profileId/keys/activity',
    params: profileIdParams,
    team: 'profileId',
    action: 'key.read',
    summary:
      'Says what the keys of a page were used for in the last 24 hours: `served` has a count for each hour, the rest is of all of them together. Takes what the list takes.',
    query: listKeysQuery,
    answer: activityAnswer,
    handle: async ({ profileId, include, cursor = null, limit }, { keys }) =>
      activityJson(await keys.activity({ profileId, includeEnded: include === 'revoked', cursor, limit })),
  }),
  searchRoute({
    method: 'GET',
    path: '/v1/keys',
    action: 'key.read',
    summary: 'Finds the keys of the caller’s teams whose id starts with a prefix, at most 10.',
    query: findByPrefixQuery,
    answer: summariesAnswer,
    async handle({ prefix }, teams) {
      const found = await Promise.all(teams.map(({ keys }) => keys.findByPrefix(prefix)));
      const first = found.flat().sort((left, right) => (left.id < right.id ? -1 : 1));
      return { data: first.slice(0, MAX_PREFIX_MATCHES).map(summaryJson) };
    },
  }),
  searchRoute({
    method: 'POST',
    path: '/v1/keys/find-by-hash',
    action: 'key.read',
    summary: 'Finds the key that has or had a secret, by its SHA-256, and says what the secret is to it.',
    body: findByHashBody,
    answer: keyOfSecretAnswer,
    async handle({ hash }, teams) {
      const { key, secret } = await firstFound(teams, ({ keys }) => keys.findByHash(hash));
      return { key: summaryJson(key), secret };
    },
  }),
  teamRoute({
    method: 'GET',
    path: '/v1/keys/:keyId',
    action: 'key.read',
    summary: 'Shows a key.',
    ...ofKey,
    answer: summaryAnswer,
    handle: async ({ keyId }, { keys }) => summaryJson(await keys.find(keyId)),
  }),
  teamRoute({
    method: 'GET',
    path: '/v1/keys/:keyId/stats',
    action: 'key.read',
    summary:
      'Counts of a window, latency, last use, what is left of the limit, and in a grace window the use of the old secret. `step` is that of the series.',
    ...ofKey,
    query: statsQuery,
    answer: statsAnswer,
    handle: async ({ keyId, windowMs, step }, { keys }) => statsJson(await keys.stats(keyId, windowMs, step)),
  }),
  teamRoute({
    method: 'POST',
    path: '/v1/keys/:keyId/update',
    action: 'key.update',
    summary:
      'Changes the limit and the end of a key that stands. What is absent stays; `null` is the limit of the plan, or no end. In force at every gateway when it answers.',
    ...ofKey,
    body: updateKeyBody,
    answer: changedAnswer,
    handle: async ({ keyId, ...update }, { keys }) => changedJson(await keys.update(keyId, update)),
  }),
  teamRoute({
    method: 'POST',
    path: '/v1/keys/:keyId/rotate',
    action: 'key.rotate',
    summary:
      'Replaces the secret; the old one is accepted for `graceMs` more. `replaceNew` mints again inside a grace window, when the new secret was lost.',
    ...ofKey,
    body: rotateKeyBody,
    answer: createdAnswer,
    handle: async ({ keyId, graceMs, replaceNew, ...minted }, { keys }) =>
      createdJson(await keys.rotate(keyId, { graceMs, replaceNew, secret: mintedSecretOf(minted) })),
  }),
  teamRoute({
    method: 'POST',
    path: '/v1/keys/:keyId/end-grace',
    action: 'key.rotate',
    summary: 'Ends the grace window now.',
    ...ofKey,
    answer: changedAnswer,
    handle: async ({ keyId }, { keys }) => changedJson(await keys.endGrace(keyId)),
  }),
  teamRoute({
    method: 'POST',
    path: '/v1/keys/:keyId/extend-grace',
    action: 'key.rotate',
    summary: 'Moves the end of the grace window, to at most 7 days after the rotation.',
    ...ofKey,
    body: extendGraceBody,
    answer: changedAnswer,
    handle: async ({ keyId, byMs }, { keys }) => changedJson(await keys.extendGrace(keyId, byMs)),
  }),
  teamRoute({
    method: 'POST',
    path: '/v1/keys/:keyId/cancel-rotation',
    action: 'key.rotate',
    summary: 'Undoes a rotation inside its grace window: the new secret ends, the old one is current again.',
    ...ofKey,
    answer: changedAnswer,
    handle: async ({ keyId }, { keys }) => changedJson(await keys.cancelRotation(keyId)),
  }),
  teamRoute({
    method: 'POST',
    path: '/v1/keys/:keyId/revoke',
    action: 'key.revoke',
    summary:
      'Ends a key for ever. In force at every gateway when it answers; repeating it answers with the first time.',
    ...ofKey,
    body: revokeKeyBody,
    answer: revokedAnswer,
    handle: async ({ keyId, reason }, { keys }) => revokedJson(await keys.revoke(keyId, reason)),
  }),
];

/** A secret belongs to one key, so at most one team knows it. */
async function firstFound<Found>(
  teams: readonly TeamServices[],
  find: (services: TeamServices) => Promise<Found>,
): Promise<Found> {
  for (const services of teams) {
    try {
      return await find(services);
    } catch (error) {
      if (!(error instanceof OutkitError) || error.code !== 'not_found') throw error;
    }
  }
  throw missing('key');
}
