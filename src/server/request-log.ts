import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requestPath } from './request-path.ts';
import type { RequestLine } from './server-log.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who called, for the log; set where the caller is judged. */
    personId: string | null;
  }
}

/** Asked for every few seconds by what watches over the process: they say nothing, and would bury what does. */
const PROBES = ['/healthz', '/readyz'];

/** Calls back for each request that was answered, but for probes that went well. MUST be added before the routes. */
export function watchRequests(app: FastifyInstance, onRequest: (line: RequestLine) => void): void {
  app.decorateRequest('personId', null);
  app.addHook('onResponse', (request, reply, done) => {
    const isQuiet = PROBES.includes(request.routeOptions.url ?? '') && reply.statusCode < 400;
    if (!isQuiet) onRequest(requestLine(request, reply));
    done();
  });
}

function requestLine(request: FastifyRequest, reply: FastifyReply): RequestLine {
  const { verdict, secret } = request.admission ?? {};
  return {
    requestId: request.id,
    method: request.method,
    path: requestPath(request.url),
    status: reply.statusCode,
    durationMs: reply.elapsedTime,
    address: request.clientAddress,
    verdict: verdict?.kind ?? null,
    keyId: secret?.key.id ?? null,
    start: secret?.start ?? null,
    personId: request.personId,
  };
}
