import type { FastifyInstance, FastifyRequest } from 'fastify';
import { OutkitError } from '../core/errors.ts';
import { isSameToken } from '../core/token.ts';
import { bearerToken, unauthenticated } from './control/identity.ts';
import { isLoopback } from './host-guard.ts';
import type { Metrics } from './metrics.ts';

/** `GET /metrics`, for programs on this machine, and for whoever has the token; `null` lets nobody else in. */
export function addMetricsRoute(app: FastifyInstance, metrics: Metrics, token: string | null): void {
  app.get('/metrics', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (!isLoopback(request.clientAddress)) requireToken(request, token);
    return reply.type(metrics.contentType).send(await metrics.read());
  });
}

/** Metrics tell how much others use the server. */
function requireToken(request: FastifyRequest, token: string | null): void {
  if (token === null) {
    const hint = 'ask for them where the server runs, or set metricsTokenFile there';
    throw new OutkitError('forbidden', 'Metrics are for the machine of the server alone', hint);
  }
  const sent = bearerToken(request);
  if (sent === null || !isSameToken(sent, token)) {
    throw unauthenticated(sent !== null, 'send the token of metricsTokenFile as Authorization: Bearer');
  }
}
