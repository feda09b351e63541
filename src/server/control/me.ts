import {
  doneAnswer,
  doneJson,
  endedSessionsAnswer,
  meAnswer,
  meJson,
  sessionJson,
  sessionParams,
  sessionsAnswer,
} from '../../api/people.ts';
import { type ControlRoute, ownRoute } from './control-route.ts';

/** Routes of the control API for the caller's own account. */
export const meRoutes: readonly ControlRoute[] = [
  ownRoute({
    method: 'GET',
    path: '/v1/me',
    summary:
      'Says who the caller is, by which session, and what in which team. `person` is null for the credential of outkit dev.',
    answer: meAnswer,
    handle: async (_, { me }) => meJson(await me.me()),
  }),
  ownRoute({
    method: 'GET',
    path: '/v1/me/sessions',
    summary: 'Lists where the caller is signed in, newest first.',
    answer: sessionsAnswer,
    handle: async (_, { me }) => ({ data: (await me.listSessions()).map(sessionJson) }),
  }),
  ownRoute({
    method: 'POST',
    path: '/v1/me/sign-out',
    summary: 'Ends the session that asks.',
    answer: doneAnswer,
    async handle(_, { me }) {
      await me.signOut();
      return doneJson;
    },
  }),
  ownRoute({
    method: 'POST',
    path: '/v1/me/sessions/end-others',
    summary: 'Ends all sessions of the caller but the one that asks.',
    answer: endedSessionsAnswer,
    handle: async (_, { me }) => ({ ended: await me.endOtherSessions() }),
  }),
  ownRoute({
    method: 'POST',
    path: '/v1/me/sessions/:sessionId/end',
    summary: 'Ends one session of the caller.',
    params: sessionParams,
    answer: doneAnswer,
    async handle({ sessionId }, { me }) {
      await me.endSession(sessionId);
      return doneJson;
    },
  }),
];
