import type { FastifyRequest } from 'fastify';
import type { Team } from '../../core/profile.ts';
import { isSameToken } from '../../core/token.ts';
import { isLoopback } from '../host-guard.ts';
import { originOf } from '../request-origin.ts';
import { bearerToken, type Identify, unauthenticated } from './identity.ts';

const HINT = 'run the command in the project of the running `outkit dev`, or set OUTKIT_TOKEN';

/** The credential of `outkit dev`, or a browser that was let in: the owner of the local team, from this machine only. */
export function localIdentity(token: string, team: Team, isBrowserIn: (request: FastifyRequest) => boolean): Identify {
  return async (request) => {
    const sent = bearerToken(request);
    const { ip, agent: client } = originOf(request);
    const isIn = request.headers.authorization === undefined && isBrowserIn(request);
    if (!isIn && (sent === null || !isSameToken(sent, token) || !isLoopback(ip))) {
      throw unauthenticated(sent !== null, HINT);
    }
    const requester = { name: 'local', personId: null, session: null, client, ip };
    return { requester, roles: [{ team, role: 'owner' }], signedIn: null };
  };
}
