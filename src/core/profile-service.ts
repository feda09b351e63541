import type { Profile } from './profile.ts';

export type NewProfile = Pick<Profile, 'name' | 'plan' | 'design'>;

/** The profiles of the caller's team. Throws an {@link OutkitError}: `not_found`, `bad_request`. */
export interface ProfileService {
  create(profile: NewProfile): Promise<Profile>;
  list(): Promise<readonly Profile[]>;
  find(profileId: string): Promise<Profile>;
}
