import type { Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { ERRORS } from '../core/errors.ts';
import type { FillRandom } from '../core/secret.ts';
import { knowClients } from './client-address.ts';
import { connectionErrors } from './connection-errors.ts';
import { type ErrorSide, outkitErrorOf, sendError } from './error-response.ts';
import { answerExpectations } from './expectations.ts';
import { parseJsonBody } from './json-body.ts';
import { rememberRoutes } from './known-routes.ts';
import { guardRequests, MAX_HEADERS, plainPathError } from './request-guards.ts';
import { requestIds } from './request-ids.ts';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 5_000;
/** Without a byte in either direction: who never reads the answer does not keep it in memory. */
const SILENCE_TIMEOUT_MS = 30_000;
/** Node looks for late connections this often only, so it is part of each of these times. */
const TIMEOUT_CHECK_MS = 1_000;
const MAX_HEADER_BYTES = 16 * 1024;
/** Of every route that does not say otherwise. */
const MAX_BODY_BYTES = 64 * 1024;

export interface HttpAppOptions {
  /** Names that the server answers to besides localhost and addresses. */
  readonly ownNames: readonly string[];
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  readonly fillRandom: FillRandom;
  readonly onInternalError: (error: unknown, requestId: string) => void;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the body, when it was read whole. */
    bytesIn: number;
  }
}

/** The HTTP server without its routes: limits, the guards that every request passes, JSON bodies, and errors. */
export function createHttpApp({
  ownNames,
  trustedProxies,
  fillRandom,
  onInternalError,
}: HttpAppOptions): FastifyInstance {
  const { onClientError, onConnect } = connectionErrors(fillRandom);
  const errorSides: ErrorSide[] = [];
  const app = fastify({
    genReqId: requestIds(fillRandom),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: SILENCE_TIMEOUT_MS,
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
      sendError(plainPathError(), request, reply, errorSides);
    },
  });
  // One more than we take: Node drops what is beyond, silently, and a dropped header could be the second key.
  app.server.maxHeadersCount = MAX_HEADERS + 1;
  app.server.on('connect', (_request, socket) => onConnect(socket as Socket));
  rememberRoutes(app);
  app.decorate('errorSides', errorSides);

  app.decorateRequest('bytesIn', 0);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    request.bytesIn = body.length;
    try {
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });

  knowClients(app, trustedProxies);
  guardRequests(app, ownNames);
  endConnectionsOnClose(app);
  answerExpectations(app);
  app.setErrorHandler((thrown, request, reply) => {
    const error = outkitErrorOf(thrown);
    if ((ERRORS[error.code].status ?? 500) >= 500) onInternalError(error.cause ?? error, request.id);
    if (error.code === 'input_too_large') reply.header('connection', 'close');
    return sendError(error, request, reply, errorSides);
  });
  return app;
}

/** A request that runs while the server closes is the last one of its connection: otherwise the next one would be cut. */
function endConnectionsOnClose(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) reply.header('connection', 'close');
    done();
  });
}
