import type { FastifyReply } from 'fastify';
import { OutkitError } from '../core/errors.ts';
import { REFUSAL_CODES, type RefusalKind } from '../core/verdict.ts';

const REFUSALS: Readonly<Record<RefusalKind, readonly [detail: string, challenge: string | null]>> = {
  missing: ['No API key was sent: put it in x-outkit-api-key', 'Bearer realm="outkit"'],
  malformed: ['This is not an Outkit API key', 'Bearer realm="outkit", error="invalid_token"'],
  unknown: ['This API key is not known here', 'Bearer realm="outkit", error="invalid_token"'],
  revoked: ['This API key was revoked', 'Bearer realm="outkit", error="invalid_token"'],
  superseded: [
    'This API key was rotated and its grace window is over: use the new one',
    'Bearer realm="outkit", error="invalid_token"',
  ],
  expired: ['This API key has expired', 'Bearer realm="outkit", error="invalid_token"'],
  archived: ['The profile of this API key was archived', 'Bearer realm="outkit", error="invalid_token"'],
  rate_limited: ['The key is over its limit: see Retry-After', null],
  unavailable: ['The server cannot judge keys right now', null],
};

/** Why a request is refused, as its sender is told. */
export function refusalError(kind: RefusalKind): OutkitError {
  return new OutkitError(REFUSAL_CODES[kind], REFUSALS[kind][0]);
}

/** The same, with the headers that belong to it. */
export function refusal(kind: RefusalKind, reply: FastifyReply): OutkitError {
  const [, challenge] = REFUSALS[kind];
  if (challenge !== null) reply.header('www-authenticate', challenge);
  if (kind === 'unavailable') reply.header('retry-after', '1');
  return refusalError(kind);
}
