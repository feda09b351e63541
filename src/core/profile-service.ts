import type { GatewayReport } from './key-service.ts';
import type { Profile } from './profile.ts';
import type { ProfileChange } from './profile-change.ts';

export type NewProfile = Pick<Profile, 'name' | 'plan' | 'design'>;

/** A profile as people see it. Times are epoch milliseconds. */
export type ProfileSummary = Profile;

export interface ListProfiles {
  readonly includeArchived: boolean;
  /** Only of this team of the caller; without it of the one or ones that the server takes for meant. */
  readonly teamId?: string;
}

/** A profile after a change, and where that is in force. */
export interface ChangedProfile extends ProfileSummary {
  readonly gateways: GatewayReport;
}

export interface ArchivedProfile {
  readonly id: string;
  readonly archivedAt: number;
  readonly gateways: GatewayReport;
}

/**
 * The profiles of the caller's team. Throws an {@link OutkitError}: `not_found` for missing and foreign ids alike, `bad_request`, and
 * the codes named at each method.
 */
export interface ProfileService {
  /** In that team of the caller, else in the only one. */
  create(profile: NewProfile, teamId?: string): Promise<ProfileSummary>;
  /** Oldest first; without archived ones unless asked for. */
  list(query?: ListProfiles): Promise<readonly ProfileSummary[]>;
  /** Archived ones too. */
  find(profileId: string): Promise<ProfileSummary>;
  /** `profile_archived`. When it returns, design, plan and limit are in force for every key of the profile. Safe to repeat. */
  update(profileId: string, change: ProfileChange): Promise<ChangedProfile>;
  /** When it returns, every key of the profile is refused everywhere, for ever. Repeating it answers with the first time. */
  archive(profileId: string): Promise<ArchivedProfile>;
}
