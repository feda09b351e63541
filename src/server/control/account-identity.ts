import type { Accounts } from '../../core/accounts.ts';
import { keptAgent } from '../../core/kept-agent.ts';
import type { PeopleStore } from '../../core/people-store.ts';
import { bearerToken, type Identify, unauthenticated } from './identity.ts';

const HINT = 'outkit login';

/** People with accounts: the session and the teams are read for each request, so that whoever is removed or signed out is out at once. */
export function accountIdentity(
  accounts: Pick<Accounts, 'findSession'>,
  store: Pick<PeopleStore, 'teamsOf'>,
): Identify {
  return async (request) => {
    const sent = bearerToken(request);
    const found = sent === null ? null : await accounts.findSession(sent);
    if (found === null) throw unauthenticated(sent !== null, HINT);
    const { person, session } = found;
    const origin = { ip: request.clientAddress, agent: keptAgent(request.headers['user-agent'] ?? '') };
    const requester = {
      name: person.email,
      personId: person.id,
      session: session.id,
      client: origin.agent,
      ip: origin.ip,
    };
    return { requester, roles: await store.teamsOf(person.id), signedIn: { person, session, origin } };
  };
}
