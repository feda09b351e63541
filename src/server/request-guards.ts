import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OutkitError } from '../core/errors.ts';
import { isKnownHost } from './host-guard.ts';
import { allowedMethods } from './known-routes.ts';
import { valuesOf } from './raw-headers.ts';
import { requestPath } from './request-path.ts';

/** More headers than this are refused. */
export const MAX_HEADERS = 100;

/** A refused request with a body larger than this costs its connection: nobody reads it to the end. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** Paths of ours are plain: with nothing to decode, router and guards see the same path. */
const PLAIN_PATH = /^(?:\/[A-Za-z0-9_.-]+)*\/?$/;

/** What every request passes, whoever sent it: first its head; then, once its caller was judged, what it says of its body. */
export function guardRequests(app: FastifyInstance, ownNames: readonly string[]): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    if (hasLargeBody(request)) reply.header('connection', 'close');
    guardHead(request, ownNames);
    if (request.is404) throw noSuchRoute(app, request, reply);
    done();
  });
  app.addHook('preParsing', (request, _reply, _payload, done) => {
    guardBody(request);
    done();
  });
}

function guardHead(request: FastifyRequest, ownNames: readonly string[]): void {
  const { rawHeaders } = request.raw;
  if (rawHeaders.length > 2 * MAX_HEADERS) {
    throw new OutkitError('headers_too_large', `A request has at most ${MAX_HEADERS} headers`);
  }
  if (valuesOf(rawHeaders, 'host').length !== 1) throw new OutkitError('bad_request', 'A request has one Host header');
  if (!isKnownHost(request.headers.host, ownNames)) {
    throw new OutkitError('misdirected_host', 'This server does not answer to that host name', 'use its address');
  }
  if (!PLAIN_PATH.test(requestPath(request.url))) throw plainPathError();
}

/** The refusal of a path with anything in it to decode or to normalise. */
export function plainPathError(): OutkitError {
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
    throw new OutkitError('unsupported_media_type', 'The body must be in UTF-8');
  }
}

function hasLargeBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > MAX_UNREAD_BYTES;
}
