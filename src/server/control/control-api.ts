import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OutkitError } from '../../core/errors.ts';
import { auditRoutes } from './audit.ts';
import { addControlRoutes, type ControlAccess, type ControlRoute } from './control-route.ts';
import { eventRoutes } from './events.ts';
import { gatewayRoutes } from './gateways.ts';
import type { Identify, Identity } from './identity.ts';
import { keyRoutes } from './keys.ts';
import { meRoutes } from './me.ts';
import { peopleRoutes } from './people.ts';
import { profileRoutes } from './profiles.ts';

/** Every route of the control API. */
export const controlRoutes: readonly ControlRoute[] = [
  ...meRoutes,
  ...peopleRoutes,
  ...profileRoutes,
  ...keyRoutes,
  ...auditRoutes,
  ...eventRoutes,
  ...gatewayRoutes,
];

/**
 * Puts the control API on a part of a server. Who calls is judged before the body is read. When more of it was still to come then, they are
 * judged again once it is there: its sender says when that is, and may be removed or signed out meanwhile.
 */
export function addControlApi(app: FastifyInstance, identify: Identify, access: ControlAccess): void {
  const identities = new WeakMap<FastifyRequest, Identity>();
  const judge = async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      const identity = await identify(request);
      identities.set(request, identity);
      request.personId = identity.requester.personId;
    } catch (error) {
      if (error instanceof OutkitError && error.code === 'unauthenticated') {
        const isSent = request.headers.authorization !== undefined;
        reply.header('www-authenticate', `Bearer realm="outkit"${isSent ? ', error="invalid_token"' : ''}`);
      }
      throw error;
    }
  };
  const waitedFor = new WeakSet<FastifyRequest>();
  app.addHook('onRequest', async (request, reply) => {
    // What came together with the head has been read by the parser a turn later.
    await setImmediate();
    if (!request.raw.complete) waitedFor.add(request);
    await judge(request, reply);
  });
  app.addHook('preHandler', async (request, reply) => {
    if (waitedFor.has(request)) await judge(request, reply);
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  addControlRoutes(app, controlRoutes, identityOf, identify, access);

  function identityOf(request: FastifyRequest): Identity {
    const found = identities.get(request);
    if (found === undefined) throw new Error('a control route ran without a caller');
    return found;
  }
}
