import {
  createdInvitationAnswer,
  doneAnswer,
  endedSessionsAnswer,
  invitationsAnswer,
  meAnswer,
  memberAnswer,
  membersAnswer,
  sessionsAnswer,
  teamAnswer,
  teamsAnswer,
} from '../api/people.ts';
import type { MeService, PeopleService, TeamService } from '../core/people-service.ts';
import type { CallControlApi } from './control-api.ts';

/** Who is in a team, on a server elsewhere, over its control API. */
export function httpPeopleService(call: CallControlApi): PeopleService {
  return {
    list: async (teamId) => (await call(`${teamPath(teamId)}/people`, membersAnswer)).data,
    changeRole: (teamId, personId, role) => call(`${memberPath(teamId, personId)}/role`, memberAnswer, { role }),
    remove: async (teamId, personId) => void (await call(`${memberPath(teamId, personId)}/remove`, doneAnswer, {})),
    listInvitations: async (teamId) => (await call(`${teamPath(teamId)}/invitations`, invitationsAnswer)).data,
    invite: (teamId, email, role) => call(`${teamPath(teamId)}/invitations`, createdInvitationAnswer, { email, role }),
    revokeInvitation: async (teamId, invitationId) => {
      await call(`${teamPath(teamId)}/invitations/${encodeURIComponent(invitationId)}/revoke`, doneAnswer, {});
    },
  };
}

/** The caller's teams, over the control API. */
export function httpTeamService(call: CallControlApi): TeamService {
  return {
    list: async () => (await call('/v1/teams', teamsAnswer)).data,
    create: (name) => call('/v1/teams', teamAnswer, { name }),
    rename: (teamId, name) => call(`${teamPath(teamId)}/rename`, teamAnswer, { name }),
  };
}

/** The caller's own account, over the control API. */
export function httpMeService(call: CallControlApi): MeService {
  return {
    me: () => call('/v1/me', meAnswer),
    listSessions: async () => (await call('/v1/me/sessions', sessionsAnswer)).data,
    signOut: async () => void (await call('/v1/me/sign-out', doneAnswer, {})),
    endSession: async (sessionId) => {
      await call(`/v1/me/sessions/${encodeURIComponent(sessionId)}/end`, doneAnswer, {});
    },
    endOtherSessions: async () => (await call('/v1/me/sessions/end-others', endedSessionsAnswer, {})).ended,
  };
}

function teamPath(teamId: string): string {
  return `/v1/teams/${encodeURIComponent(teamId)}`;
}

function memberPath(teamId: string, personId: string): string {
  return `${teamPath(teamId)}/people/${encodeURIComponent(personId)}`;
}
