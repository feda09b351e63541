import type { FastifyRequest } from 'fastify';
import type { Accounts } from '../../core/accounts.ts';
import { OutkitError } from '../../core/errors.ts';
import type { PeopleStore } from '../../core/people-store.ts';
import { originOf } from '../request-origin.ts';
import { isOurPage, sessionCookie } from '../session-cookie.ts';
import { bearerToken, type Identify, unauthenticated } from './identity.ts';

interface AccountIdentityPorts {
  readonly accounts: Pick<Accounts, 'findSession'>;
  readonly store: Pick<PeopleStore, 'teamsOf'>;
  readonly publicUrl: string;
}

const HINT = 'outkit login';

/**
 * People with accounts: the session and the teams are read for each request, so that whoever is removed or signed out is out at once.
 * The credential is a bearer token, or in pages of this server its cookie, which other sites cannot make a browser use.
 */
export function accountIdentity({ accounts, store, publicUrl }: AccountIdentityPorts): Identify {
  const cookie = sessionCookie(publicUrl);
  return async (request) => {
    const sent = bearerToken(request) ?? cookieCredential(request);
    const found = sent === null ? null : await accounts.findSession(sent);
    if (found === null) throw unauthenticated(sent !== null || request.headers.authorization !== undefined, HINT);
    const { person, session } = found;
    const origin = originOf(request);
    const { ip, agent: client } = origin;
    const requester = { name: person.email, personId: person.id, session: session.id, client, ip };
    return { requester, roles: await store.teamsOf(person.id), signedIn: { person, session, origin } };
  };

  function cookieCredential(request: FastifyRequest): string | null {
    // Whoever sends a token, right or wrong, is judged by it.
    if (request.headers.authorization !== undefined) return null;
    const credential = cookie.read(request);
    if (credential !== null && !isOurPage(request, publicUrl)) {
      throw new OutkitError('forbidden', 'Only a page of this server may use its cookie', 'send a bearer token');
    }
    return credential;
  }
}
