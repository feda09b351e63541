import { profileIdParams } from '../../api/key-requests.ts';
import { previewAnswer, previewBody } from '../../api/previews.ts';
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
  teamQuery,
  updateProfileBody,
} from '../../api/profiles.ts';
import { type ControlRoute, teamRoute } from './control-route.ts';

const ofProfile = { params: profileIdParams, team: 'profileId' } as const;

/** Routes of the control API for profiles. */
export const profileRoutes: readonly ControlRoute[] = [
  teamRoute({
    method: 'GET',
    path: '/v1/profiles',
    action: 'profile.read',
    summary: 'Lists the profiles of the team, oldest first. `include=archived` adds archived ones.',
    team: 'query',
    query: listProfilesQuery,
    answer: profilesAnswer,
    handle: async ({ include }, { profiles }) => {
      const found = await profiles.list({ includeArchived: include === 'archived' });
      return { data: found.map(profileJson) };
    },
  }),
  teamRoute({
    method: 'POST',
    path: '/v1/profiles',
    action: 'profile.change',
    summary: 'Creates a profile: a plan, and design tokens by name.',
    status: 201,
    team: 'query',
    query: teamQuery,
    body: createProfileBody,
    answer: profileAnswer,
    handle: async ({ name, plan, design }, { profiles }) => profileJson(await profiles.create({ name, plan, design })),
  }),
  teamRoute({
    method: 'GET',
    path: '/v1/profiles/:profileId',
    action: 'profile.read',
    summary: 'Shows a profile, also an archived one.',
    ...ofProfile,
    answer: profileAnswer,
    handle: async ({ profileId }, { profiles }) => profileJson(await profiles.find(profileId)),
  }),
  teamRoute({
    method: 'POST',
    path: '/v1/profiles/:profileId/update',
    action: 'profile.change',
    summary:
      'Changes what is sent: `design` replaces all tokens, then `set` adds or replaces some, then `unset` takes some away. In force for every key of the profile when it answers.',
    ...ofProfile,
    body: updateProfileBody,
    answer: changedProfileAnswer,
    handle: async ({ profileId, ...change }, { profiles }) =>
      changedProfileJson(await profiles.update(profileId, change)),
  }),
  teamRoute({
    method: 'POST',
    path: '/v1/profiles/:profileId/preview',
    action: 'profile.read',
    summary:
      'Answers what the renderer makes of a text for the keys of a profile, for people without a key at hand: up to 32 KiB, 120 times a minute for each person. Nothing is counted or kept.',
    ...ofProfile,
    body: previewBody,
    answer: previewAnswer,
    handle: ({ profileId, content }, { previews }) => previews.render(profileId, content),
  }),
  teamRoute({
    method: 'POST',
    path: '/v1/profiles/:profileId/archive',
    action: 'profile.change',
    summary:
      'Ends a profile for ever: its keys are refused, and it takes neither keys nor changes. In force at every gateway when it answers; repeating it answers with the first time.',
    ...ofProfile,
    answer: archivedProfileAnswer,
    handle: async ({ profileId }, { profiles }) => archivedProfileJson(await profiles.archive(profileId)),
  }),
];
