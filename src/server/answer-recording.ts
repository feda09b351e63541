import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../core/clock.ts';
import { ERRORS, type OutkitError } from '../core/errors.ts';
import { keptAgent } from '../core/kept-agent.ts';
import type { RenderEvent } from '../core/render-event.ts';
import type { AnswerEnd, KeyAnswer } from '../core/usage-journal.ts';
import type { Admission } from '../gateway/authenticate.ts';
import type { KnownSecret } from '../gateway/known-key.ts';
import type { Recorded } from '../gateway/usage-recorder.ts';
import { renderErrorJson } from './error-response.ts';
import { requestPath } from './request-path.ts';

/** The part of a usage recorder that answers go through. */
export interface AnswerRecorder {
  record(answer: KeyAnswer, recorded: Recorded): void;
  finished(requestId: string, end: AnswerEnd): void;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the body of the answer, as far as it was made. */
    bytesOut: number;
    /** The answer was recorded, or could not be. */
    isRecorded: boolean;
  }
}

/**
 * Records each answer to a known key before its first byte leaves, and tells when it is over. What cannot be recorded is not answered:
 * `503` goes out in its place.
 */
export function recordAnswers(app: FastifyInstance, recorder: AnswerRecorder, clock: Clock): void {
  app.decorateRequest('bytesOut', 0);
  app.decorateRequest('isRecorded', false);
  app.addHook('onSend', (request, reply, payload, done) => {
    const { admission } = request;
    // An answer that fails on its way comes here again, as another one.
    if (!isOfKnownKey(admission) || request.isRecorded) return done(null, payload);
    request.isRecorded = true;
    recorder.record(startOf(request, reply, admission, clock.now()), (refusal) => {
      const answered = refusal === null ? payload : replaced(reply, payload, refusal);
      whenOver(reply, () => recorder.finished(request.id, endOf(request, reply, clock.now())));
      done(null, counted(request, answered));
    });
  });
}

type KnownAdmission = Admission & { readonly secret: KnownSecret };

function isOfKnownKey(admission: Admission | null): admission is KnownAdmission {
  return admission !== null && admission.secret !== null;
}

/** Tells when all is handed to the system, or the connection is gone. */
function whenOver({ raw }: FastifyReply, tell: () => void): void {
  // One that is gone already tells nothing more.
  if (raw.closed) tell();
  else raw.once('close', tell);
}

function startOf(request: FastifyRequest, reply: FastifyReply, admission: KnownAdmission, at: number): KeyAnswer {
  const { verdict, secret } = admission;
  const inGrace = verdict.kind === 'accepted' && verdict.previousSecret;
  return { event: eventOf(request, reply, admission, at), secretOrdinal: secret.ordinal, inGrace };
}

function endOf(request: FastifyRequest, reply: FastifyReply, at: number): AnswerEnd {
  const { blocks, bytesOut } = request;
  return { at, status: reply.statusCode, durationUs: durationUsOf(reply), blocks, bytesOut };
}

function durationUsOf({ elapsedTime }: FastifyReply): number {
  return Math.round(elapsedTime * 1000);
}

function eventOf(request: FastifyRequest, reply: FastifyReply, admission: KnownAdmission, at: number): RenderEvent {
  const { verdict, secret } = admission;
  return {
    at,
    profileId: secret.key.profile.id,
    keyId: secret.key.id,
    keyName: secret.key.name,
    start: secret.start,
    requestId: request.id,
    method: request.method,
    path: requestPath(request.url),
    status: reply.statusCode,
    verdict: verdict.kind,
    durationUs: durationUsOf(reply),
    blocks: request.blocks,
    bytesIn: request.bytesIn,
    bytesOut: request.bytesOut,
    ip: request.clientAddress,
    agent: agentOf(request),
    count: 1,
    isInterrupted: false,
  };
}

const MAX_REMEMBERED_AGENTS = 500;
const MAX_REMEMBERED_LENGTH = 200;
/** What is kept of agents that came lately: few call again and again, and to look for keys in their names costs more than to know them. */
const keptAgents = new Map<string, string>();

function agentOf({ headers }: FastifyRequest): string {
  const agent = headers['user-agent'] ?? '';
  const known = keptAgents.get(agent);
  if (known !== undefined) return known;
  const kept = keptAgent(agent);
  if (keptAgents.size >= MAX_REMEMBERED_AGENTS) keptAgents.clear();
  if (agent.length <= MAX_REMEMBERED_LENGTH) keptAgents.set(agent, kept);
  return kept;
}

/** Puts the error in the place of an answer that is ready to leave. */
function replaced(reply: FastifyReply, payload: unknown, error: OutkitError): string {
  if (payload instanceof Readable) payload.destroy();
  for (const name of ['content-length', 'www-authenticate', 'deprecation', 'sunset']) reply.removeHeader(name);
  reply
    .code(ERRORS[error.code].status ?? 500)
    .type('application/json; charset=utf-8')
    .header('retry-after', '1');
  return JSON.stringify(renderErrorJson(error));
}

/** The same payload; frames of a stream are counted where they are made. */
function counted(request: FastifyRequest, payload: unknown): unknown {
  if (typeof payload === 'string') request.bytesOut = request.method === 'HEAD' ? 0 : Buffer.byteLength(payload);
  return payload;
}
