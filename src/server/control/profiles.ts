import { profileIdParams } from '../../api/key-requests.ts';
import {
  archivedProfileAnswer,
  archivedProfileJson,
  changedProfileAnswer,
  changedProfileJson,
  createProfileBody,
  listProfilesQuery,
  profileAnswer,
  profileJson,
  profilesAnswer,
  updateProfileBody,
} from '../../api/profiles.ts';
import { type ControlRoute, controlRoute } from './control-route.ts';

/** Routes of the control API for profiles. */
export const profileRoutes: readonly ControlRoute[] = [
  controlRoute({
    method: 'GET',
    path: '/v1/profiles',
    summary: 'Lists the profiles of the team, oldest first. `include=archived` adds archived ones.',
    query: listProfilesQuery,
    answer: profilesAnswer,
    handle: async ({ include }, { profiles }) => {
      const found = await profiles.list({ includeArchived: include === 'archived' });
      return { data: found.map(profileJson) };
    },
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
    summary: 'Shows a profile, also an archived one.',
    params: profileIdParams,
    answer: profileAnswer,
    handle: async ({ profileId }, { profiles }) => profileJson(await profiles.find(profileId)),
  }),
  controlRoute({
    method: 'POST',
    path: '/v1/profiles/:profileId/update',
    summary:
      'Changes what is sent: `design` replaces all tokens, then `set` adds or replaces some, then `unset` takes some away. In force for every key of the profile when it answers.',
    params: profileIdParams,
    body: updateProfileBody,
    answer: changedProfileAnswer,
    handle: async ({ profileId, ...change }, { profiles }) =>
      changedProfileJson(await profiles.update(profileId, change)),
  }),
  controlRoute({
    method: 'POST',
    path: '/v1/profiles/:profileId/archive',
    summary:
      'Ends a profile for ever: its keys are refused, and it takes neither keys nor changes. In force at every gateway when it answers; repeating it answers with the first time.',
    params: profileIdParams,
    answer: archivedProfileAnswer,
    handle: async ({ profileId }, { profiles }) => archivedProfileJson(await profiles.archive(profileId)),
  }),
];
