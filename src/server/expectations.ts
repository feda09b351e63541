import type { FastifyInstance } from 'fastify';
import { OutkitError } from '../core/errors.ts';

/**
 * `Expect: 100-continue` is answered when the body is wanted: after the key was judged, and only if it can fit. Any other expectation
 * is refused (RFC 9110, section 10.1.1).
 */
export function answerExpectations(app: FastifyInstance): void {
  const waiting = new WeakSet<object>();
  const unknown = new WeakSet<object>();
  app.server.on('checkContinue', (request, response) => {
    waiting.add(request);
    app.routing(request, response);
  });
  app.server.on('checkExpectation', (request, response) => {
    unknown.add(request);
    app.routing(request, response);
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (!unknown.has(request.raw)) return done();
    // The body may come or not, so nothing after this request could be told from it.
    reply.header('connection', 'close');
    throw new OutkitError('expectation_failed', 'Only 100-continue can be expected');
  });
  app.addHook('preParsing', (request, reply, _payload, done) => {
    if (!waiting.has(request.raw)) return done();
    if (Number(request.headers['content-length'] ?? 0) > request.routeOptions.bodyLimit) {
      throw new OutkitError('input_too_large', 'The body is over the limit of this route');
    }
    reply.raw.writeContinue();
    done();
  });
}
