import type { FastifyRequest } from 'fastify';
import { OutkitError } from '../../core/errors.ts';
import type { TeamRole } from '../../core/people-store.ts';
import type { SignedIn } from '../../core/sign-in-service.ts';
import type { Requester } from '../../services/key-service-ports.ts';
import { valuesOf } from '../raw-headers.ts';

/** Who sends a request, and what they are in which team at this moment. */
export interface Identity {
  readonly requester: Requester;
  readonly roles: readonly TeamRole[];
  /** `null` for the credential of `outkit dev`, which is nobody's. */
  readonly signedIn: SignedIn | null;
}

/** Says who sends a request, or throws `unauthenticated`. Judged before the body is read. */
export type Identify = (request: FastifyRequest) => Promise<Identity>;

const BEARER = /^bearer ([\x21-\x7e]{1,512})$/i;

/** The one bearer token of the request; two are as good as none. */
export function bearerToken({ raw }: FastifyRequest): string | null {
  const values = valuesOf(raw.rawHeaders, 'authorization');
  return values.length === 1 ? (BEARER.exec(values[0] ?? '')?.[1] ?? null) : null;
}

/** `isSent`: something was sent that opens nothing, which is answered apart from nothing at all. */
export function unauthenticated(isSent: boolean, hint: string): OutkitError {
  const what = isSent ? 'This token is not valid here' : 'This request carries no token';
  return new OutkitError('unauthenticated', what, hint);
}
