import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { LimitScope, RateLimitHeadroom } from '../core/key-service.ts';
import type { Admission, Authenticate } from '../gateway/authenticate.ts';
import { presentedKey } from '../gateway/credential.ts';
import type { KnownSecret } from '../gateway/known-key.ts';
import { RATE_WINDOW_MS } from '../gateway/rate-limit.ts';
import { type AnswerRecorder, recordAnswers } from './answer-recording.ts';
import { refusal } from './refusals.ts';

export interface RenderGateOptions {
  readonly authenticate: Authenticate;
  readonly clock: Clock;
  readonly recorder: AnswerRecorder;
  readonly limitScope: LimitScope;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The gateway's verdict on a request of the renderer. */
    admission: Admission | null;
  }
}

/** Puts the gateway before the renderer routes of `app`: judged before the body is read, counted before the answer is sent. */
export function guardRenderer(
  app: FastifyInstance,
  { authenticate, clock, recorder, limitScope }: RenderGateOptions,
): void {
  const policy = limitScope === 'shared' ? 'key' : 'key-per-gateway';
  app.decorateRequest('admission', null);

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
