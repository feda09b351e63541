import type { Accounts, Person } from '../core/accounts.ts';
import type { Role } from '../core/authorization.ts';
import { type Clock, newId } from '../core/clock.ts';
import type { SendMail } from '../core/mail.ts';
import * as membership from '../core/membership.ts';
import type { InvitationSummary, MemberSummary, PeopleService } from '../core/people-service.ts';
import type { PeopleStore } from '../core/people-store.ts';
import type { FillRandom } from '../core/secret.ts';
import { hashOfToken, newToken } from '../core/token.ts';
import { authorOf, type Requester } from './key-service-ports.ts';
import { invitationLink } from './links.ts';
import { invitationMail } from './mails.ts';
import { missing, noAccounts, peopleRefusal } from './refusals.ts';

export interface PeoplePorts {
  readonly store: PeopleStore;
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly fillRandom: FillRandom;
  /** Origin under which people reach the server. */
  readonly publicUrl: string;
  /** `null` when the server sends no mail. */
  readonly sendMail: SendMail | null;
}

type Decide = (people: membership.TeamPeople, actor: membership.Actor) => membership.PeopleDecision;

/** The people of the caller's teams. Whether the caller may do something is decided in one step with the change. */
export function peopleServices(ports: PeoplePorts, caller: Requester): PeopleService {
  const { store, accounts, clock, fillRandom, publicUrl, sendMail } = ports;
  return {
    async list(teamId) {
      const { members } = await peopleOf(teamId);
      return summaries(members);
    },
    async changeRole(teamId, personId, role) {
      const { members } = await changeMember(teamId, personId, role, (people, actor) =>
        membership.changeRole(people, actor, personId, role),
      );
      const [summary] = await summaries(members.filter((member) => member.personId === personId));
      if (summary === undefined) throw missing('person');
      return summary;
    },
    async remove(teamId, personId) {
      await changeMember(teamId, personId, null, (people, actor) => membership.removeMember(people, actor, personId));
    },
    async listInvitations(teamId) {
      const { invitations } = await peopleOf(teamId);
      return invitations.filter((invitation) => !membership.isEnded(invitation, clock.now())).map(invitationSummary);
    },
    async invite(teamId, email, role) {
      const { members } = await peopleOf(teamId);
      const person = await accounts.findPersonByEmail(email);
      if (members.some(({ personId }) => personId === person?.id)) throw peopleRefusal('already_member');
      const token = `oki_${newToken(fillRandom)}`;
      const now = clock.now();
      const id = newId('inv', fillRandom);
      const made = { id, teamId, email, role, tokenHash: hashOfToken(token), invitedBy: caller.name, createdAt: now };
      const invitation = standingInvitation(made);
      const { team } = await change(teamId, 'person', (people, actor) =>
        membership.invite(people, actor, invitation, now),
      );
      const url = invitationLink(publicUrl, token);
      const mail = invitationMail(email, caller.name, team.name, url);
      return { ...invitationSummary(invitation), url, isMailed: sendMail === null ? null : await sendMail(mail) };
    },
    async revokeInvitation(teamId, invitationId) {
      await change(teamId, 'invitation', (people, actor) =>
        membership.revokeInvitation(people, actor, invitationId, clock.now()),
      );
    },
  };

  async function peopleOf(teamId: string): Promise<membership.TeamPeople> {
    const people = await store.findPeople(teamId);
    if (people === null) throw missing('team');
    return people;
  }

  async function changeMember(
    teamId: string,
    personId: string,
    role: Role | null,
    decide: Decide,
  ): Promise<membership.TeamPeople> {
    const person = await accounts.findPerson(personId);
    if (person === null) throw missing('person');
    return change(teamId, 'person', (people, actor) =>
      membership.withoutInvitationsOf(decide(people, actor), person.email, role, clock.now()),
    );
  }

  async function change(teamId: string, noun: 'person' | 'invitation', decide: Decide): Promise<membership.TeamPeople> {
    return changedPeople(store, teamId, authorOf(caller, clock), noun, (people) => decide(people, caller.personId));
  }

  async function summaries(members: readonly membership.Member[]): Promise<MemberSummary[]> {
    const found = await accounts.findPeople(members.map(({ personId }) => personId));
    const people = new Map<string, Person>(found.map((person) => [person.id, person]));
    return members.flatMap(({ personId, role, since }) => {
      const person = people.get(personId);
      return person === undefined ? [] : [{ personId, email: person.email, name: person.name, role, since }];
    });
  }
}

/** Writes what a decision makes of a team, or throws the error that says why it makes nothing. */
export async function changedPeople(
  store: PeopleStore,
  teamId: string,
  author: Parameters<PeopleStore['changePeople']>[1],
  noun: 'person' | 'invitation',
  decide: (people: membership.TeamPeople) => membership.PeopleDecision,
): Promise<membership.TeamPeople> {
  const outcome = await store.changePeople(teamId, author, (people) => {
    const decision = decide(people);
    if (decision.kind === 'changed') return { people: decision.people, result: decision.people };
    if (decision.kind === 'unchanged') return { people: null, result: people };
    throw decision.kind === 'not_found' ? missing(noun) : peopleRefusal(decision.kind);
  });
  if (outcome.kind === 'not_found') throw missing('team');
  return outcome.result;
}

function standingInvitation(
  made: Omit<membership.Invitation, 'expiresAt' | 'acceptedAt' | 'acceptedBy' | 'revokedAt'>,
): membership.Invitation {
  const expiresAt = made.createdAt + membership.INVITATION_LIFE_MS;
  return { ...made, expiresAt, acceptedAt: null, acceptedBy: null, revokedAt: null };
}

function invitationSummary({
  id,
  email,
  role,
  invitedBy,
  createdAt,
  expiresAt,
}: membership.Invitation): InvitationSummary {
  return { id, email, role, invitedBy, createdAt, expiresAt };
}

/** What a server without accounts says of people. */
export function noPeople(): PeopleService {
  const refuse = async () => {
    throw noAccounts();
  };
  return {
    list: refuse,
    changeRole: refuse,
    remove: refuse,
    listInvitations: refuse,
    invite: refuse,
    revokeInvitation: refuse,
  };
}
