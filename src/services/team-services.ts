import type { AuditAuthor } from '../core/audit.ts';
import { type Clock, newId } from '../core/clock.ts';
import { renameTeam } from '../core/membership.ts';
import type { TeamService, TeamSummary } from '../core/people-service.ts';
import type { PeopleStore, TeamRole } from '../core/people-store.ts';
import type { Team } from '../core/profile.ts';
import type { FillRandom } from '../core/secret.ts';
import { authorOf, type Requester } from './key-service-ports.ts';
import { changedPeople } from './people-services.ts';
import { forbidden, noAccounts } from './refusals.ts';

interface TeamPorts {
  readonly store: PeopleStore;
  readonly clock: Clock;
  readonly fillRandom: FillRandom;
}

/** The teams of the caller, who has these roles. */
export function teamServices(ports: TeamPorts, caller: Requester, roles: readonly TeamRole[]): TeamService {
  const { store, clock } = ports;
  return {
    list: async () => roles.map(teamSummary),
    async create(name) {
      const { personId } = caller;
      if (personId === null) throw noAccounts();
      if (!roles.some(({ role }) => role === 'owner')) {
        throw forbidden('Only somebody who owns a team can make another one');
      }
      return teamSummary({ team: await foundTeam(ports, name, personId, authorOf(caller, clock)), role: 'owner' });
    },
    async rename(teamId, name) {
      const { team } = await changedPeople(store, teamId, authorOf(caller, clock), 'person', (people) =>
        renameTeam(people, name),
      );
      return teamSummary({ team, role: roles.find((found) => found.team.id === teamId)?.role ?? 'owner' });
    },
  };
}

/** Makes a team with one person in it, who owns it. */
export async function foundTeam(
  { store, clock, fillRandom }: TeamPorts,
  name: string,
  personId: string,
  author: AuditAuthor,
): Promise<Team> {
  const team = { id: newId('team', fillRandom), name, createdAt: clock.now() };
  await store.foundTeam(team, { teamId: team.id, personId, role: 'owner', since: team.createdAt }, author);
  return team;
}

export function teamSummary({ team, role }: TeamRole): TeamSummary {
  return { id: team.id, name: team.name, createdAt: team.createdAt, role };
}
