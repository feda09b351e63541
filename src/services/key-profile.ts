import type { Key } from '../core/key.ts';
import type { KeyStore } from '../core/key-store.ts';
import type { Profile } from '../core/profile.ts';
import { missing, profileRefusal } from './refusals.ts';

/** The profile that a key belongs to. */
export async function profileOf(store: KeyStore, { id, teamId, profileId }: Key): Promise<Profile> {
  const profile = await store.findProfile(teamId, profileId);
  if (profile === null) throw new Error(`key ${id} belongs to an unknown profile`);
  return profile;
}

/** A profile that takes keys. `not_found`, `profile_archived`. */
export async function standingProfile(store: KeyStore, teamId: string, profileId: string): Promise<Profile> {
  const profile = await store.findProfile(teamId, profileId);
  if (profile === null) throw missing('profile');
  if (profile.archivedAt !== null) throw profileRefusal('profile_archived');
  return profile;
}

/**
 * A key whose secrets may change. `not_found`, `profile_archived`. That the profile is archived meanwhile is no harm: the gateway
 * refuses whatever secrets the key gets.
 */
export async function keyInStandingProfile(store: KeyStore, teamId: string, keyId: string): Promise<Key> {
  const key = await store.findKey(teamId, keyId);
  if (key === null) throw missing('key');
  await standingProfile(store, teamId, key.profileId);
  return key;
}
