import type { GatewayService } from '../../core/gateway-service.ts';
import { auditServices } from '../../services/audit-services.ts';
import { eventServices } from '../../services/event-services.ts';
import { gatewayServices } from '../../services/gateway-services.ts';
import type { Caller, KeyServicePorts } from '../../services/key-service-ports.ts';
import { keyServices } from '../../services/key-services.ts';
import { localMe, meServices } from '../../services/me-services.ts';
import { noPeople, type PeoplePorts, peopleServices } from '../../services/people-services.ts';
import { previewServices } from '../../services/preview-services.ts';
import { profileServices } from '../../services/profile-services.ts';
import { teamServices } from '../../services/team-services.ts';
import type { Store } from '../../storage/store.ts';
import type { EventHub } from '../events/event-hub.ts';
import { eventStream } from '../events/event-stream.ts';
import { previewPorts } from '../preview-ports.ts';
import type { ControlAccess } from './control-route.ts';

/** What only a server with accounts has. */
export type PeopleOfServer = Pick<PeoplePorts, 'accounts' | 'publicUrl' | 'sendMail'>;

/** The services behind the control API. `people` is `null` on a server without accounts. */
export function controlAccess(
  ports: KeyServicePorts & { readonly store: Store; readonly hub: EventHub; readonly members: GatewayService },
  people: PeopleOfServer | null,
): ControlAccess {
  const { store, hub, members } = ports;
  const previews = { store, ...previewPorts(ports.clock) };
  return {
    teamOf: (kind, id) => store.teamOf(kind, id),
    inTeam({ requester }, teamId) {
      const caller: Caller = { ...requester, teamId };
      const events = eventServices(ports, caller);
      return {
        keys: keyServices(ports, caller),
        profiles: profileServices(ports, caller),
        previews: previewServices(previews, caller),
        audit: auditServices(ports, caller),
        people: people === null ? noPeople() : peopleServices({ ...ports, ...people }, requester),
        events,
        async followEvents({ profileId, allProfiles, ...wish }, checkAgain) {
          const profilesOf = () => events.profilesOf(profileId, allProfiles);
          const follower = requester.personId ?? requester.name;
          const follow = {
            ...wish,
            profileIds: await profilesOf(),
            wholeTeamId: allProfiles ? teamId : null,
            follower,
          };
          const { tail, close } = await hub.follow(follow);
          try {
            // One that was made meanwhile.
            if (allProfiles) for (const id of await profilesOf()) hub.addProfile({ id, teamId });
            return eventStream(tail, { checkAgain, onClosed: close });
          } catch (error) {
            close();
            throw error;
          }
        },
      };
    },
    own: ({ requester, roles, signedIn }) => ({
      me:
        people === null || signedIn === null
          ? localMe(roles)
          : meServices({ ...ports, accounts: people.accounts }, signedIn),
      teams: teamServices(ports, requester, roles),
      gateways: gatewayServices(members, roles),
    }),
  };
}
