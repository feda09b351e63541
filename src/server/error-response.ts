import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_MEDIA_TYPE, problemJson } from '../api/problem.ts';
import { ERRORS, OutkitError } from '../core/errors.ts';
import { requestPath } from './request-path.ts';

/** What Fastify refuses by itself, in our words. */
const FASTIFY_ERRORS: Readonly<Record<string, () => OutkitError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => new OutkitError('input_too_large', 'The body is over the limit of this route'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new OutkitError('unsupported_media_type', 'The body must be JSON', 'send content-type: application/json'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new OutkitError('bad_request', 'The body is not as long as content-length says'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => new OutkitError('bad_request', 'The body is empty', 'send one JSON object'),
};

/** Any thrown value as one of our errors; `internal` says nothing about what failed inside. */
export function outkitErrorOf(thrown: unknown): OutkitError {
  if (thrown instanceof OutkitError) return thrown;
  const { code = '', statusCode = 500 } = (thrown ?? {}) as Partial<FastifyError>;
  const known = FASTIFY_ERRORS[code];
  if (known !== undefined) return known();
  // Such as a body whose sender went away half-way: nothing failed here.
  if (statusCode >= 400 && statusCode < 500) return new OutkitError('bad_request', 'The request cannot be read');
  return new OutkitError('internal', 'The server failed to answer', 'try again', { cause: thrown });
}

/** Paths whose errors have a shape of their own. */
export interface ErrorSide {
  /** Asked of paths without their query, also of those that are no route. A lost visitor is a browser that opens a page that is none. */
  readonly owns: (path: string, isLostVisitor: boolean) => boolean;
  readonly send: (error: OutkitError, reply: FastifyReply) => FastifyReply;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Of the whole server; the first that owns a path words its errors. */
    errorSides: ErrorSide[];
  }
}

/** Answers in the shape of the route's side: one of `sides`, else the control API under `/v1/`, the renderer elsewhere. */
export function sendError(
  error: OutkitError,
  request: FastifyRequest,
  reply: FastifyReply,
  sides: readonly ErrorSide[],
): FastifyReply {
  const path = requestPath(request.url);
  const side = sides.find(({ owns }) => owns(path, isLostVisitor(error, request)));
  if (side !== undefined) return side.send(error, reply);
  return path.startsWith('/v1/') ? sendProblem(error, reply) : sendRenderError(error, reply);
}

/** For how long trying again is useless, in whole seconds (RFC 9110, section 10.2.3). */
export function tellRetryAfter({ retryAfterMs }: OutkitError, reply: FastifyReply): void {
  if (retryAfterMs !== null) reply.header('retry-after', String(Math.ceil(retryAfterMs / 1000)));
}

function isLostVisitor({ code }: OutkitError, { is404, method, headers }: FastifyRequest): boolean {
  const isBrowser = (headers.accept ?? '').split(',').includes('text/html');
  return is404 && code === 'not_found' && method === 'GET' && isBrowser;
}

/** Error of the control API: RFC 9457 problem details. */
function sendProblem(error: OutkitError, reply: FastifyReply): FastifyReply {
  tellRetryAfter(error, reply);
  return reply
    .code(ERRORS[error.code].status ?? 500)
    .header('cache-control', 'no-store')
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problemJson(error)));
}

/** Error of the renderer: its class name, a sentence, and our code. */
function sendRenderError(error: OutkitError, reply: FastifyReply): FastifyReply {
  return reply
    .code(ERRORS[error.code].status ?? 500)
    .header('cache-control', 'no-store')
    .send(renderErrorJson(error));
}

export function renderErrorJson({ code, message }: OutkitError) {
  return { error: ERRORS[code].name, detail: message, code };
}
