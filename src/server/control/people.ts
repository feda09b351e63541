import {
  createdInvitationAnswer,
  createdInvitationJson,
  doneAnswer,
  doneJson,
  invitationJson,
  invitationParams,
  invitationsAnswer,
  inviteBody,
  memberAnswer,
  memberJson,
  memberParams,
  membersAnswer,
  roleBody,
  teamAnswer,
  teamBody,
  teamJson,
  teamParams,
  teamsAnswer,
} from '../../api/people.ts';
import { type ControlRoute, ownRoute, teamRoute } from './control-route.ts';

const inTeam = { team: 'teamId', params: teamParams } as const;

/** Routes of the control API for teams and the people in them. */
export const peopleRoutes: readonly ControlRoute[] = [
  ownRoute({
    method: 'GET',
    path: '/v1/teams',
    summary: 'Lists the teams of the caller, oldest first, with the role in each.',
    answer: teamsAnswer,
    handle: async (_, { teams }) => ({ data: (await teams.list()).map(teamJson) }),
  }),
  ownRoute({
    method: 'POST',
    path: '/v1/teams',
    summary: 'Makes a team that the caller owns. Only for somebody who owns one already.',
    status: 201,
    body: teamBody,
    answer: teamAnswer,
    handle: async ({ name }, { teams }) => teamJson(await teams.create(name)),
  }),
  teamRoute({
    ...inTeam,
    method: 'POST',
    path: '/v1/teams/:teamId/rename',
    summary: 'Gives a team another name.',
    action: 'team.change',
    body: teamBody,
    answer: teamAnswer,
    handle: async ({ teamId, name }, { teams }) => teamJson(await teams.rename(teamId, name)),
  }),
  teamRoute({
    ...inTeam,
    method: 'GET',
    path: '/v1/teams/:teamId/people',
    summary: 'Lists the members of a team, those first who are in it for longest.',
    action: 'people.read',
    answer: membersAnswer,
    handle: async ({ teamId }, { people }) => ({ data: (await people.list(teamId)).map(memberJson) }),
  }),
  teamRoute({
    team: 'teamId',
    method: 'POST',
    path: '/v1/teams/:teamId/people/:personId/role',
    summary: 'Changes the role of a member. Owners are made and ended by owners, and the last one stays.',
    action: 'people.change',
    params: memberParams,
    body: roleBody,
    answer: memberAnswer,
    handle: async ({ teamId, personId, role }, { people }) =>
      memberJson(await people.changeRole(teamId, personId, role)),
  }),
  teamRoute({
    team: 'teamId',
    method: 'POST',
    path: '/v1/teams/:teamId/people/:personId/remove',
    summary: 'Takes somebody out of a team, in force when it answers. Everybody may leave; the last owner stays.',
    action: 'people.leave',
    params: memberParams,
    answer: doneAnswer,
    async handle({ teamId, personId }, { people }) {
      await people.remove(teamId, personId);
      return doneJson;
    },
  }),
  teamRoute({
    ...inTeam,
    method: 'GET',
    path: '/v1/teams/:teamId/invitations',
    summary: 'Lists the invitations that can still be accepted, oldest first, without their links.',
    action: 'people.change',
    answer: invitationsAnswer,
    handle: async ({ teamId }, { people }) => ({ data: (await people.listInvitations(teamId)).map(invitationJson) }),
  }),
  teamRoute({
    ...inTeam,
    method: 'POST',
    path: '/v1/teams/:teamId/invitations',
    summary:
      'Invites somebody for 7 days. The answer has the link, once; an earlier invitation of the same address ends.',
    status: 201,
    action: 'people.change',
    body: inviteBody,
    answer: createdInvitationAnswer,
    handle: async ({ teamId, email, role }, { people }) =>
      createdInvitationJson(await people.invite(teamId, email, role)),
  }),
  teamRoute({
    team: 'teamId',
    method: 'POST',
    path: '/v1/teams/:teamId/invitations/:invitationId/revoke',
    summary: 'Ends an invitation: its link opens nothing any more.',
    action: 'people.change',
    params: invitationParams,
    answer: doneAnswer,
    async handle({ teamId, invitationId }, { people }) {
      await people.revokeInvitation(teamId, invitationId);
      return doneJson;
    },
  }),
];
