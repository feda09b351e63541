import { hash } from 'node:crypto';
import type { DeviceCode, DeviceToken } from '../client/device-login.ts';
import type { Role } from '../core/authorization.ts';
import { DAY_MS } from '../core/clock.ts';
import { type ErrorCode, OutkitError } from '../core/errors.ts';
import {
  changeRole,
  INVITATION_LIFE_MS,
  type Invitation,
  invite,
  type PeopleDecision,
  removeMember,
  renameTeam,
  revokeInvitation,
  type TeamPeople,
} from '../core/membership.ts';
import type { MemberSummary, SessionSummary, TeamSummary } from '../core/people-service.ts';
import type { Services } from './session.ts';

export const ANN = { id: 'person_2222222222222222', email: 'ann@example.com', name: 'Ann' };
export const BEN = { id: 'person_3333333333333333', email: 'ben@example.com', name: 'Ben' };
export const TEAM = 'team_2222222222222222';
const SESSION_LIFE_MS = 30 * DAY_MS;

/** `okt_` and the text, filled up. */
export function credentialOf(text: string): string {
  return `okt_${text.padEnd(43, '0')}`;
}

interface Started {
  readonly credential: string;
  readonly session: Omit<SessionSummary, 'isCurrent'>;
}

/**
 * A server with people, in memory: Ann owns the team `Local`, in which Ben is a member. Decides with the functions of the core. A
 * credential that does not begin with `okt_` is that of `outkit dev`.
 */
export class FakePeople {
  teams: TeamPeople[] = [];
  readonly sessions: Started[] = [];
  /** What polling for the token comes to, in order; `started` once there are no more. A function runs in place of an answer. */
  readonly redemptions: (Exclude<DeviceToken['kind'], 'started'> | (() => DeviceToken | Promise<DeviceToken>))[] = [];
  /** Number of polls so far. */
  polls = 0;
  interval = 5;
  lifeS = 600;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.addTeam('Local', TEAM, 'owner');
  }

  /** A team in which Ann has that role, and Ben is a member. */
  addTeam(name: string, id: string, role: Role): void {
    const [teamId, since] = [id, this.#now()];
    const members = [
      { teamId, personId: ANN.id, role, since },
      { teamId, personId: BEN.id, role: 'member' as const, since },
    ];
    this.teams.push({ team: { id, name, createdAt: since }, members, invitations: [] });
  }

  /** Ann signs in once more. */
  start(name = `session${this.sessions.length}`): string {
    const credential = credentialOf(name);
    const now = this.#now();
    const id = `session_${hash('sha256', name, 'hex').replaceAll(/[01]/g, '2').slice(0, 16)}`;
    const times = { createdAt: now, usedAt: now, expiresAt: now + SESSION_LIFE_MS };
    this.sessions.push({ credential, session: { id, ...times, ip: '127.0.0.1', agent: 'outkit/1.2.3' } });
    return credential;
  }

  isSignedIn(credential: string): boolean {
    return this.sessions.some((started) => started.credential === credential);
  }

  requestCode(): DeviceCode {
    const times = { lifeMs: this.lifeS * 1000, intervalMs: this.interval * 1000 };
    return { deviceCode: 'device', userCode: 'BCDF-GHJK', page: '/device', ...times };
  }

  async redeem(): Promise<DeviceToken> {
    this.polls += 1;
    const next = this.redemptions.shift();
    if (typeof next === 'string') return { kind: next };
    return next === undefined ? { kind: 'started', credential: this.start() } : await next();
  }

  /** The services as the holder of that credential has them. */
  servicesFor(token: string | null): Pick<Services, 'people' | 'teams' | 'me'> {
    return { people: this.#people(token), teams: this.#teams(token), me: this.#me(token) };
  }

  #people(token: string | null): Services['people'] {
    return {
      list: async (teamId) => this.#find(token, teamId).members.map(summaryOf),
      changeRole: async (teamId, personId, role) => {
        this.#change(token, teamId, (people) => changeRole(people, this.#actor(token), personId, role));
        const member = this.#find(token, teamId).members.find((found) => found.personId === personId);
        if (member === undefined) throw new OutkitError('not_found', 'gone');
        return summaryOf(member);
      },
      remove: async (teamId, personId) =>
        this.#change(token, teamId, (people) => removeMember(people, this.#actor(token), personId)),
      listInvitations: async (teamId) =>
        this.#find(token, teamId).invitations.filter(({ revokedAt }) => revokedAt === null),
      invite: async (teamId, email, role) => {
        const now = this.#now();
        const id = `inv_${String(this.#find(token, teamId).invitations.length + 2).padEnd(16, '2')}`;
        const ends = { acceptedAt: null, acceptedBy: null, revokedAt: null };
        const times = { createdAt: now, expiresAt: now + INVITATION_LIFE_MS };
        const made: Invitation = { id, teamId, email, role, tokenHash: '', invitedBy: ANN.email, ...times, ...ends };
        this.#change(token, teamId, (people) => invite(people, this.#actor(token), made, now));
        return { ...made, url: `https://outkit.example.com/invitation#${id}`, isMailed: null };
      },
      revokeInvitation: async (teamId, invitationId) =>
        this.#change(token, teamId, (people) =>
          revokeInvitation(people, this.#actor(token), invitationId, this.#now()),
        ),
    };
  }

  #teams(token: string | null): Services['teams'] {
    return {
      list: async () => this.#teamsOf(token),
      create: async (name) => {
        const id = `team_${String(this.teams.length + 2).padEnd(16, '3')}`;
        this.addTeam(name, id, 'owner');
        return { id, name, createdAt: this.#now(), role: 'owner' };
      },
      rename: async (teamId, name) => {
        this.#change(token, teamId, (people) => renameTeam(people, name));
        return { id: teamId, name, createdAt: this.#find(token, teamId).team.createdAt, role: 'owner' };
      },
    };
  }

  #me(token: string | null): Services['me'] {
    const others = () => this.sessions.filter(({ credential }) => credential !== token);
    return {
      me: async () => {
        this.#actor(token);
        const own = this.sessions.find(({ credential }) => credential === token);
        const session = own === undefined ? null : { ...own.session, isCurrent: true };
        return { person: own === undefined ? null : ANN, session, teams: this.#teamsOf(token) };
      },
      listSessions: async () => {
        this.#actor(token);
        return this.sessions.map(({ credential, session }) => ({ ...session, isCurrent: credential === token }));
      },
      signOut: async () => {
        this.#actor(token);
        this.sessions.splice(0, this.sessions.length, ...others());
      },
      endSession: async (sessionId) => {
        const index = this.sessions.findIndex(({ session }) => session.id === sessionId);
        if (index === -1) throw new OutkitError('not_found', 'There is no such session');
        this.sessions.splice(index, 1);
      },
      endOtherSessions: async () => {
        this.#actor(token);
        const ended = others();
        this.sessions.splice(0, this.sessions.length, ...this.sessions.filter((own) => !ended.includes(own)));
        return ended.length;
      },
    };
  }

  /** Throws for a credential that is none of a session. */
  #actor(token: string | null): string | null {
    if (token?.startsWith('okt_') !== true) return null;
    if (this.isSignedIn(token)) return ANN.id;
    throw new OutkitError('unauthenticated', 'This token is not valid here');
  }

  #teamsOf(token: string | null): TeamSummary[] {
    const actor = this.#actor(token);
    return this.teams.flatMap(({ team, members }) => {
      const role = actor === null ? 'owner' : members.find(({ personId }) => personId === actor)?.role;
      return role === undefined ? [] : [{ ...team, role }];
    });
  }

  #find(token: string | null, teamId: string): TeamPeople {
    this.#actor(token);
    const found = this.teams.find(({ team }) => team.id === teamId);
    if (found === undefined) throw new OutkitError('not_found', 'There is no such team');
    return found;
  }

  #change(token: string | null, teamId: string, decide: (people: TeamPeople) => PeopleDecision): void {
    const before = this.#find(token, teamId);
    const decision = decide(before);
    if (decision.kind === 'unchanged') return;
    if (decision.kind !== 'changed') throw new OutkitError(decision.kind satisfies ErrorCode, `${decision.kind}`);
    this.teams = this.teams.map((people) => (people === before ? decision.people : people));
  }
}

function summaryOf({ personId, role, since }: TeamPeople['members'][number]): MemberSummary {
  const { email, name } = personId === ANN.id ? ANN : BEN;
  return { personId, email, name, role, since };
}
