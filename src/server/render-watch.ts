import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../core/clock.ts';
import type { Verdict } from '../core/verdict.ts';
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

/** Calls back for each request of the renderer routes of `app` that is over. MUST be added before the routes. */
export function watchRenders(app: FastifyInstance, clock: Clock, onRender: (line: RenderLine) => void): void {
  app.addHook('onResponse', (request, reply, done) => {
    onRender(lineOf(request, reply, clock.now()));
    done();
  });
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
