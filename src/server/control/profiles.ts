import { profileIdParams } from '../../api/key-requests.ts';
import { createProfileBody, profileAnswer, profileJson, profilesAnswer } from '../../api/profiles.ts';
import { type ControlRoute, controlRoute } from './control-route.ts';

/** Routes of the control API for profiles. */
export const profileRoutes: readonly ControlRoute[] = [
  controlRoute({
    method: 'GET',
    path: '/v1/profiles',
    summary: 'Lists the profiles of the team, oldest first.',
    answer: profilesAnswer,
    handle: async (_, { profiles }) => ({ data: (await profiles.list()).map(profileJson) }),
  }),
  controlRoute({
    method: 'POST',
    path: '/v1/profiles',
    summary: 'Creates a profile: a plan, and design tokens by name.',
    status: 201,
    body: createProfileBody,
    answer: profileAnswer,
    handle: async (profile, { profiles }) => profileJson(await profiles.create(profile)),
  }),
  controlRoute({
    method: 'GET',
    path: '/v1/profiles/:profileId',
    summary: 'Shows a profile.',
    params: profileIdParams,
    answer: profileAnswer,
    handle: async ({ profileId }, { profiles }) => profileJson(await profiles.find(profileId)),
  }),
];
