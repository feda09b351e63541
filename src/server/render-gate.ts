import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { LimitScope, RateLimitHeadroom } from '../core/key-service.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Admission, Authenticate } from '../gateway/authenticate.ts';
import { presentedKey } from '../gateway/credential.ts';
import type { KnownSecret } from '../gateway/known-key.ts';
import { RATE_WINDOW_MS } from '../gateway/rate-limit.ts';
import { type AnswerRecorder, recordAnswers } from './answer-recording.ts';
import { refusal } from './refusals.ts';
import { requestPath } from './request-path.ts';

/** One finished request of the renderer, for whoever watches. */
export interface RenderLine {
  readonly at: number;
  readonly status: number;
  readonly method: string;
  /** Without the query: a key that was put there by mistake must not reach a log. */
  readonly path: string;
  /** What the gateway said of the key; `not_judged` when the request was refused before that. */
  readonly verdict: Verdict['kind'] | 'not_judged';
  /** Who sent it. */
  readonly address: string;
  readonly keyName: string | null;
  readonly start: string | null;
  readonly durationMs: number;
  /** Blocks in the answer; `null` when the route gives none. */
  readonly blocks: number | null;
}

export interface RenderGateOptions {
  readonly authenticate: Authenticate;
  readonly clock: Clock;
  readonly recorder: AnswerRecorder;
  readonly limitScope: LimitScope;
  readonly onRender: (line: RenderLine) => void;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The gateway's verdict on a request of the renderer. */
    admission: Admission | null;
    /** Set by the route for the log. */
    blocks: number | null;
  }
}

/** Puts the gateway before the renderer routes of `app`: judged before the body is read, counted before the answer is sent. */
export function guardRenderer(
  app: FastifyInstance,
  { authenticate, clock, recorder, limitScope, onRender }: RenderGateOptions,
): void {
  const policy = limitScope === 'shared' ? 'key' : 'key-per-gateway';
  app.decorateRequest('admission', null);
  app.decorateRequest('blocks', null);

  const admit = (request: FastifyRequest, reply: FastifyReply, admission: Admission) => {
    request.admission = admission;
    const { verdict, secret, limit } = admission;
    if (limit !== null) describeLimit(reply, policy, limit, verdict.kind === 'rate_limited', clock.now());
    if (verdict.kind !== 'accepted') throw refusal(verdict.kind, reply);
    if (verdict.previousSecret && secret !== null) describeEnd(reply, secret);
  };

  // With `done`: most verdicts are there at once, and a promise for each would cost more than they do.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('cache-control', 'no-store');
    const presented = presentedKey(request.raw.rawHeaders);
    if (presented.kind === 'ambiguous') {
      throw new OutkitError('bad_request', 'The request carries more than one key: send one, in x-outkit-api-key');
    }
    const judged = authenticate(presented, request.clientAddress);
    if (judged instanceof Promise) {
      judged.then((admission) => admit(request, reply, admission)).then(() => done(), done);
      return;
    }
    admit(request, reply, judged);
    done();
  });

  recordAnswers(app, recorder, clock);
  app.addHook('onResponse', (request, reply, done) => {
    onRender(lineOf(request, reply, clock.now()));
    done();
  });
}

/** draft-ietf-httpapi-ratelimit-headers: the limit, what is left of it, and the seconds until all of it is free. */
function describeLimit(
  reply: FastifyReply,
  policy: string,
  { limit, remaining, resetAt }: RateLimitHeadroom,
  isOver: boolean,
  now: number,
): void {
  const resetSeconds = resetAt === null ? 0 : Math.ceil((resetAt - now) / 1000);
  reply.header('ratelimit-policy', `"${policy}";q=${limit};w=${RATE_WINDOW_MS / 1000}`);
  reply.header('ratelimit', `"${policy}";r=${remaining};t=${resetSeconds}`);
  if (isOver) reply.header('retry-after', String(resetSeconds));
}

/** Tells the holder of an old secret since when it is one (RFC 9745) and when it ends (RFC 8594). */
function describeEnd(reply: FastifyReply, { supersededAt, acceptedUntil }: KnownSecret): void {
  if (supersededAt === null || acceptedUntil === null) return;
  reply.header('deprecation', `@${Math.floor(supersededAt / 1000)}`);
  reply.header('sunset', new Date(acceptedUntil).toUTCString());
}

function lineOf(request: FastifyRequest, reply: FastifyReply, at: number): RenderLine {
  const { verdict, secret } = request.admission ?? {};
  return {
    at,
    status: reply.statusCode,
    method: request.method,
    path: requestPath(request.url),
    verdict: verdict?.kind ?? 'not_judged',
    address: request.clientAddress,
    keyName: secret?.key.name ?? null,
    start: secret?.start ?? null,
    durationMs: reply.elapsedTime,
    blocks: request.blocks,
  };
}
