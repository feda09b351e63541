import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OutkitError } from '../../core/errors.ts';
import { keptAgent } from '../../core/kept-agent.ts';
import type { Caller } from '../../services/key-service-ports.ts';
import { isLoopback } from '../host-guard.ts';

/** The credential of the local server: good from this machine only. */
export interface LocalCredential {
  readonly token: string;
  readonly caller: Pick<Caller, 'teamId' | 'name'>;
}

const BEARER = /^bearer ([\x21-\x7e]{1,512})$/i;

/** Says who asks, or throws `unauthenticated`. Compares digests in constant time, so that a wrong token teaches nothing. */
export function callerOf(request: FastifyRequest, reply: FastifyReply, local: LocalCredential): Caller {
  const token = bearerToken(request.raw.rawHeaders);
  const isRight = token !== null && timingSafeEqual(digest(token), digest(local.token));
  const { clientAddress } = request;
  if (isRight && isLoopback(clientAddress)) {
    const client = keptAgent(request.headers['user-agent'] ?? '');
    return { ...local.caller, client, ip: clientAddress };
  }
  const isSent = request.headers.authorization !== undefined;
  reply.header('www-authenticate', `Bearer realm="outkit"${isSent ? ', error="invalid_token"' : ''}`);
  throw new OutkitError(
    'unauthenticated',
    token === null ? 'This request carries no token' : 'This token is not valid here',
    'run the command in the project of the running `outkit dev`, or set OUTKIT_TOKEN',
  );
}

/** The one token of the request; two are as good as none. */
function bearerToken(rawHeaders: readonly string[]): string | null {
  const values = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'authorization',
  );
  return values.length === 1 ? (BEARER.exec(values[0] ?? '')?.[1] ?? null) : null;
}

function digest(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
