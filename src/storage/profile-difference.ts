import type { Profile } from '../core/profile.ts';

/** What a change of a profile has to write: only what may ever change, and only what did. */
export type ProfileDifference = Partial<Pick<Profile, 'name' | 'plan' | 'design' | 'archivedAt'>>;

const FIXED_FIELDS = ['id', 'teamId', 'createdAt'] as const satisfies readonly (keyof Profile)[];

/** What differs, or `null` when nothing does. Throws when something differs that is fixed for ever: the caller is wrong. */
export function profileDifference(before: Profile, after: Profile): ProfileDifference | null {
  if (FIXED_FIELDS.some((field) => before[field] !== after[field])) {
    throw new Error(`a change of profile ${before.id} touches what is fixed`);
  }
  const difference: ProfileDifference = {
    ...(before.name === after.name ? {} : { name: after.name }),
    ...(before.plan === after.plan ? {} : { plan: after.plan }),
    ...(JSON.stringify(before.design) === JSON.stringify(after.design) ? {} : { design: after.design }),
    ...(before.archivedAt === after.archivedAt ? {} : { archivedAt: after.archivedAt }),
  };
  return Object.keys(difference).length === 0 ? null : difference;
}
