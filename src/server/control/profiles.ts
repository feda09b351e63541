import type { FastifyInstance, FastifyRequest } from 'fastify';
import { profileIdParams } from '../../api/key-requests.ts';
import { createProfileBody, profileJson } from '../../api/profiles.ts';
import { readInput, readParams } from '../../api/read-input.ts';
import type { ProfileService } from '../../core/profile-service.ts';

/** Routes of the control API for profiles. `serviceFor` gives the profile service of whoever sent the request. */
export function profileRoutes(app: FastifyInstance, serviceFor: (request: FastifyRequest) => ProfileService): void {
  app.get('/v1/profiles', async (request) => ({ data: (await serviceFor(request).list()).map(profileJson) }));

  app.post('/v1/profiles', async (request, reply) => {
    const profile = readInput(createProfileBody, request.body);
    return reply.code(201).send(profileJson(await serviceFor(request).create(profile)));
  });

  app.get('/v1/profiles/:profileId', async (request) => {
    const { profileId } = readParams(profileIdParams, request.params);
    return profileJson(await serviceFor(request).find(profileId));
  });
}
