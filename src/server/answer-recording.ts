import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../core/clock.ts';
import { ERRORS, OutkitError } from '../core/errors.ts';
import { keptAgent } from '../core/kept-agent.ts';
import type { RenderEvent } from '../core/render-event.ts';
import type { KeyAnswer } from '../core/usage-journal.ts';
import type { Admission } from '../gateway/authenticate.ts';
import type { KnownSecret } from '../gateway/known-key.ts';
import { renderErrorJson } from './error-response.ts';

/** The part of a usage recorder that answers go through. */
export interface AnswerRecorder {
  record(answer: KeyAnswer): Promise<void> | null;
  finished(event: RenderEvent): void;
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
  app.addHook('onSend', async (request, reply, payload) => {
    const { admission } = request;
    // An answer that fails on its way comes here again, as another one.
    if (!isOfKnownKey(admission) || request.isRecorded) return payload;
    request.isRecorded = true;
    const event = () => eventOf(request, reply, admission, clock.now());
    const inGrace = admission.verdict.kind === 'accepted' && admission.verdict.previousSecret;
    try {
      const recorded = recorder.record({ event: event(), secretOrdinal: admission.secret.ordinal, inGrace });
      whenOver(reply, () => recorder.finished(event()));
      if (recorded !== null) await recorded;
    } catch (error) {
      if (!(error instanceof OutkitError)) throw error;
      return counted(request, replaced(reply, payload, error));
    }
    return counted(request, payload);
  });
}

type KnownAdmission = Admission & { readonly secret: KnownSecret };

function isOfKnownKey(admission: Admission | null): admission is KnownAdmission {
  return admission !== null && admission.secret !== null;
}

/** Tells when all is handed to the system, or the connection is gone; again when both happen. */
function whenOver({ raw }: FastifyReply, tell: () => void): void {
  // One that is gone already tells nothing more.
  if (raw.closed) tell();
  else raw.once('finish', tell).once('close', tell);
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
    path: request.url.split('?', 1)[0] ?? '/',
    status: reply.statusCode,
    verdict: verdict.kind,
    durationUs: Math.round(reply.elapsedTime * 1000),
    blocks: request.blocks,
    bytesIn: request.bytesIn,
    bytesOut: request.bytesOut,
    ip: request.clientAddress,
    agent: keptAgent(request.headers['user-agent'] ?? ''),
    count: 1,
    isInterrupted: false,
  };
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
