import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { newId } from '../core/clock.ts';
import { ERRORS, OutkitError } from '../core/errors.ts';
import type { FillRandom } from '../core/secret.ts';
import { connectionErrors } from './connection-errors.ts';
import { outkitErrorOf, sendError } from './error-response.ts';
import { answerExpectations } from './expectations.ts';
import { isKnownHost } from './host-guard.ts';
import { parseJsonBody } from './json-body.ts';
import { allowedMethods, rememberRoutes } from './known-routes.ts';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 5_000;
/** Node looks for late connections this often only, so it is part of each of these times. */
const TIMEOUT_CHECK_MS = 1_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 100;
/** Of every route that does not say otherwise. */
const MAX_BODY_BYTES = 64 * 1024;
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
  const { onClientError, onConnect } = connectionErrors(fillRandom);
  const app = fastify({
    genReqId: () => newId('req', fillRandom),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // No parameter is too long for the router: the routes say what an id looks like, after the caller was judged.
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: MAX_HEADER_BYTES },
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      insecureHTTPParser: false,
      // The guard refuses a missing Host as it refuses a wrong one.
      requireHostHeader: false,
    },
    clientErrorHandler: (error, socket) => onClientError(error, socket),
    // What the router cannot decode comes here, without the hooks.
    frameworkErrors: (_error, request, reply) => {
      reply.header('x-request-id', request.id);
      sendError(plainPathError(), request, reply);
    },
  });
  // One more than we take: Node drops what is beyond, silently, and a dropped header could be the second key.
  app.server.maxHeadersCount = MAX_HEADERS + 1;
  app.server.on('connect', (_request, socket) => onConnect(socket as Socket));
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
    if (request.is404) throw noSuchRoute(app, request, reply);
  });
  // After the caller was judged, before the first byte of the body.
  app.addHook('preParsing', async (request) => guardBody(request));
  answerExpectations(app);
  app.setErrorHandler((thrown, request, reply) => {
    const error = outkitErrorOf(thrown);
    if ((ERRORS[error.code].status ?? 500) >= 500) onInternalError(error.cause ?? error, request.id);
    if (error.code === 'input_too_large') reply.header('connection', 'close');
    return sendError(error, request, reply);
  });
  return app;
}

function guard(request: FastifyRequest, ownNames: readonly string[]): void {
  const { rawHeaders } = request.raw;
  if (rawHeaders.length > 2 * MAX_HEADERS) {
    throw new OutkitError('headers_too_large', `A request has at most ${MAX_HEADERS} headers`);
  }
  const hosts = rawHeaders.filter((header, index) => index % 2 === 0 && header.toLowerCase() === 'host');
  if (hosts.length !== 1) throw new OutkitError('bad_request', 'A request has one Host header');
  if (!isKnownHost(request.headers.host, ownNames)) {
    throw new OutkitError('misdirected_host', 'This server does not answer to that host name', 'use its address');
  }
  const [path = ''] = request.url.split('?', 1);
  if (!PLAIN_PATH.test(path)) throw plainPathError();
}

function plainPathError(): OutkitError {
  return new OutkitError('bad_request', 'The path has characters that no route has');
}

function noSuchRoute(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): OutkitError {
  const methods = allowedMethods(app, request.url);
  if (methods.length === 0) return new OutkitError('not_found', 'There is no such route', 'see docs/api.md');
  reply.header('allow', methods.join(', '));
  return new OutkitError('method_not_allowed', `This route takes ${methods.join(' or ')}`);
}

function guardBody({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new OutkitError('unsupported_media_type', 'Compressed bodies are not taken');
  }
  const charset = /;\s*charset="?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') {
    throw new OutkitError('unsupported_media_type', 'The body must be JSON in UTF-8');
  }
}

function hasLargeBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > MAX_UNREAD_BYTES;
}
