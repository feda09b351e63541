import { auditServices } from '../../services/audit-services.ts';
import type { Caller, KeyServicePorts } from '../../services/key-service-ports.ts';
import { keyServices } from '../../services/key-services.ts';
import { localMe, meServices } from '../../services/me-services.ts';
import { noPeople, type PeoplePorts, peopleServices } from '../../services/people-services.ts';
import { profileServices } from '../../services/profile-services.ts';
import { teamServices } from '../../services/team-services.ts';
import type { Store } from '../../storage/store.ts';
import type { ControlAccess } from './control-route.ts';

/** What only a server with accounts has. */
export type PeopleOfServer = Pick<PeoplePorts, 'accounts' | 'publicUrl' | 'sendMail'>;

/** The services behind the control API. `people` is `null` on a server without accounts. */
export function controlAccess(
  ports: KeyServicePorts & { readonly store: Store },
  people: PeopleOfServer | null,
): ControlAccess {
  const { store } = ports;
  return {
    teamOf: (kind, id) => store.teamOf(kind, id),
    inTeam({ requester }, teamId) {
      const caller: Caller = { ...requester, teamId };
      return {
        keys: keyServices(ports, caller),
        profiles: profileServices(ports, caller),
        audit: auditServices(ports, caller),
        people: people === null ? noPeople() : peopleServices({ ...ports, ...people }, requester),
      };
    },
    own: ({ requester, roles, signedIn }) => ({
      me:
        people === null || signedIn === null
          ? localMe(roles)
          : meServices({ ...ports, accounts: people.accounts }, signedIn),
      teams: teamServices(ports, requester, roles),
    }),
  };
}
