import type { Profile } from './profile.ts';

export type NewProfile = Pick<Profile, 'name' | 'plan' | 'design'>;

/** A profile as people see it. */
export type ProfileSummary = Omit<Profile, 'teamId'>;

/** The profiles of the caller's team. Throws an {@link OutkitError}: `not_found`, `bad_request`. */
export interface ProfileService {
  create(profile: NewProfile): Promise<ProfileSummary>;
  list(): Promise<readonly ProfileSummary[]>;
  find(profileId: string): Promise<ProfileSummary>;
}
