import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RequestLine } from './server-log.ts';

export type { RequestLine } from './server-log.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who called, for the log; set where the caller is judged. */
    personId: string | null;
  }
}

/** Calls back for each request when its answer is on its way. MUST be added before the routes. */
export function watchRequests(app: FastifyInstance, onRequest: (line: RequestLine) => void): void {
  app.decorateRequest('personId', null);
  app.addHook('onResponse', async (request, reply) => onRequest(requestLine(request, reply)));
}

function requestLine(request: FastifyRequest, reply: FastifyReply): RequestLine {
  const { verdict, secret } = request.admission ?? {};
  return {
    requestId: request.id,
    method: request.method,
    path: request.url.split('?', 1)[0] ?? '/',
    status: reply.statusCode,
    durationMs: reply.elapsedTime,
    address: request.clientAddress,
    verdict: verdict?.kind ?? null,
    keyId: secret?.key.id ?? null,
    start: secret?.start ?? null,
    personId: request.personId,
  };
}
