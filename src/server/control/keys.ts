import type { FastifyInstance, FastifyRequest } from 'fastify';
import { changedJson, createdJson, revokedJson, statsJson, summaryJson } from '../../api/key-answers.ts';
import {
  createKeyBody,
  emptyBody,
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
import { readInput, readParams } from '../../api/read-input.ts';
import type { KeyService } from '../../core/key-service.ts';

/** Routes of the control API for keys. `serviceFor` gives the key service of whoever sent the request. */
export function keyRoutes(app: FastifyInstance, serviceFor: (request: FastifyRequest) => KeyService): void {
  const keyIdOf = (request: FastifyRequest) => readParams(keyIdParams, request.params).keyId;
  const profileIdOf = (request: FastifyRequest) => readParams(profileIdParams, request.params).profileId;

  app.post('/v1/profiles/:profileId/keys', async (request, reply) => {
    const { name, environment, rateLimitPerMinute, expiresAt, ...minted } = readInput(createKeyBody, request.body);
    const profileId = profileIdOf(request);
    const secret = mintedSecretOf(minted);
    const wanted = { profileId, name, environment, rateLimitPerMinute, expiresAt, secret };
    return reply.code(201).send(createdJson(await serviceFor(request).create(wanted)));
  });

  app.get('/v1/profiles/:profileId/keys', async (request) => {
    const { include, cursor = null, limit } = readInput(listKeysQuery, request.query);
    const query = { profileId: profileIdOf(request), includeEnded: include === 'revoked', cursor, limit };
    const { data, nextCursor } = await serviceFor(request).list(query);
    return { data: data.map(summaryJson), hasMore: nextCursor !== null, nextCursor };
  });

  app.get('/v1/keys', async (request) => {
    const { prefix } = readInput(findByPrefixQuery, request.query);
    const found = await serviceFor(request).findByPrefix(prefix);
    return { data: found.map(summaryJson) };
  });

  app.post('/v1/keys/find-by-hash', async (request) => {
    const { hash } = readInput(findByHashBody, request.body);
    const { key, secret } = await serviceFor(request).findByHash(hash);
    return { key: summaryJson(key), secret };
  });

  app.get('/v1/keys/:keyId', async (request) => summaryJson(await serviceFor(request).find(keyIdOf(request))));

  app.get('/v1/keys/:keyId/stats', async (request) => {
    const { windowMs } = readInput(statsQuery, request.query);
    return statsJson(await serviceFor(request).stats(keyIdOf(request), windowMs));
  });

  app.post('/v1/keys/:keyId/rotate', async (request) => {
    const { graceMs, replaceNew, ...minted } = readInput(rotateKeyBody, request.body ?? {});
    const rotation = { graceMs, replaceNew, secret: mintedSecretOf(minted) };
    return createdJson(await serviceFor(request).rotate(keyIdOf(request), rotation));
  });

  app.post('/v1/keys/:keyId/end-grace', async (request) => {
    readInput(emptyBody, request.body ?? {});
    return changedJson(await serviceFor(request).endGrace(keyIdOf(request)));
  });

  app.post('/v1/keys/:keyId/extend-grace', async (request) => {
    const { byMs } = readInput(extendGraceBody, request.body);
    return changedJson(await serviceFor(request).extendGrace(keyIdOf(request), byMs));
  });

  app.post('/v1/keys/:keyId/cancel-rotation', async (request) => {
    readInput(emptyBody, request.body ?? {});
    return changedJson(await serviceFor(request).cancelRotation(keyIdOf(request)));
  });

  app.post('/v1/keys/:keyId/revoke', async (request) => {
    const { reason } = readInput(revokeKeyBody, request.body ?? {});
    return revokedJson(await serviceFor(request).revoke(keyIdOf(request), reason));
  });
}
