import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { newId } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { FillRandom } from '../core/secret.ts';
import { outkitErrorOf, sendProblem, sendRenderError } from './error-response.ts';
import { isKnownHost } from './host-guard.ts';
import { parseJsonBody } from './json-body.ts';
import { allowedMethods, rememberRoutes } from './known-routes.ts';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 5_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 100;
/** A refused request with a body larger than this costs its connection: nobody reads it to the end. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** Paths of ours are plain: with nothing to decode, router and guards see the same path. */
const PLAIN_PATH = /^\/(?:[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_.-]+)*)?$/;

export interface HttpAppOptions {
  /** Names that the server answers to besides localhost and addresses. */
  readonly ownNames: readonly string[];
  readonly fillRandom: FillRandom;
  readonly onInternalError: (error: unknown, requestId: string) => void;
}

/** The HTTP server without its routes: limits, the guards that every request passes, JSON bodies, and errors. */
export function createHttpApp({ ownNames, fillRandom, onInternalError }: HttpAppOptions): FastifyInstance {
  const app = fastify({
    genReqId: () => newId('req', fillRandom),
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true },
    http: { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_TIMEOUT_MS, insecureHTTPParser: false },
  });
  // One more than we take: Node drops what is beyond, silently, and a dropped header could be the second key.
  app.server.maxHeadersCount = MAX_HEADERS + 1;
  answerExpectations(app);
  app.server.on('connect', (_request, socket) => socket.end('HTTP/1.1 405 Method Not Allowed\r\n\r\n'));
  rememberRoutes(app);

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (hasLargeBody(request)) reply.header('connection', 'close');
    guard(request, ownNames);
  });
  app.setErrorHandler((thrown, request, reply) => {
    const error = outkitErrorOf(thrown);
    if (error.code === 'internal') onInternalError(error.cause, request.id);
    if (error.code === 'input_too_large') reply.header('connection', 'close');
    return request.url.startsWith('/v1/') ? sendProblem(error, reply) : sendRenderError(error, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const methods = allowedMethods(app, request.url);
    if (methods.length === 0) throw new OutkitError('not_found', 'There is no such route', 'see docs/api.md');
    reply.header('allow', methods.join(', '));
    throw new OutkitError('method_not_allowed', `This route takes ${methods.join(' or ')}`);
  });
  return app;
}

function guard(request: FastifyRequest, ownNames: readonly string[]): void {
  if (request.raw.rawHeaders.length > 2 * MAX_HEADERS) {
    throw new OutkitError('headers_too_large', `A request has at most ${MAX_HEADERS} headers`);
  }
  if (!isKnownHost(request.headers.host, ownNames)) {
    throw new OutkitError('misdirected_host', 'This server does not answer to that host name', 'use its address');
  }
  const [path = ''] = request.url.split('?', 1);
  if (!PLAIN_PATH.test(path)) throw new OutkitError('bad_request', 'The path has characters that no route has');
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new OutkitError('unsupported_media_type', 'Compressed bodies are not taken');
  }
}

function hasLargeBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > MAX_UNREAD_BYTES;
}

/** `Expect: 100-continue` is answered when the body is wanted, so after the key was judged. Node answers other expectations 417. */
function answerExpectations(app: FastifyInstance): void {
  const waiting = new WeakSet<object>();
  app.server.on('checkContinue', (request, response) => {
    waiting.add(request);
    app.routing(request, response);
  });
  app.addHook('preParsing', async (request, reply) => {
    if (waiting.has(request.raw)) reply.raw.writeContinue();
  });
}
