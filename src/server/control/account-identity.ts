import type { FastifyRequest } from 'fastify';
import type { Accounts } from '../../core/accounts.ts';
import { OutkitError } from '../../core/errors.ts';
import type { PeopleStore } from '../../core/people-store.ts';
import { hashOfToken } from '../../core/token.ts';
import { originOf } from '../request-origin.ts';
import { isOurPage, sessionCookie } from '../session-cookie.ts';
import { bearerToken, type Identify, unauthenticated } from './identity.ts';

interface AccountIdentityPorts {
  readonly accounts: Pick<Accounts, 'findSession'>;
  readonly store: Pick<PeopleStore, 'teamsOf'>;
  readonly publicUrl: string;
}

const HINT = 'outkit login';
const MAX_REMEMBERED = 1_000;

/**
 * People with accounts: the session and the teams are read for each request, so that whoever is removed or signed out is out at once. Whose a
 * session is never changes: of one that was seen before the teams are asked for together with it, which spares a way to the database.
 * The credential is a bearer token, or in pages of this server its cookie, which other sites cannot make a browser use.
 */
export function accountIdentity({ accounts, store, publicUrl }: AccountIdentityPorts): Identify {
  const cookie = sessionCookie(publicUrl);
  /** Ids of people by the hash of their credential. */
  const seen = new Map<string, string>();

  return async (request) => {
    const sent = bearerToken(request) ?? cookieCredential(request);
    const found = sent === null ? null : await sessionAndRoles(sent);
    if (found === null) throw unauthenticated(sent !== null || request.headers.authorization !== undefined, HINT);
    const { person, session, roles } = found;
    const origin = originOf(request);
    const { ip, agent: client } = origin;
    const requester = { name: person.email, personId: person.id, session: session.id, client, ip };
    return { requester, roles, signedIn: { person, session, origin } };
  };

  async function sessionAndRoles(credential: string) {
    const name = hashOfToken(credential);
    const personId = seen.get(name);
    const expected = personId === undefined ? null : store.teamsOf(personId);
    const [found, roles] = await Promise.all([accounts.findSession(credential), expected]);
    if (found === null) {
      seen.delete(name);
      return null;
    }
    if (seen.size >= MAX_REMEMBERED) seen.clear();
    seen.set(name, found.person.id);
    return { ...found, roles: roles ?? (await store.teamsOf(found.person.id)) };
  }

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
