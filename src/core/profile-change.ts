import { type DesignTokens, MAX_DESIGN_TOKENS, type Profile } from './profile.ts';

/** What is to be different in a profile. `null`, and no tokens, leave it as it is. */
export interface ProfileChange extends DesignChange {
  readonly name: Profile['name'] | null;
  readonly plan: Profile['plan'] | null;
}

/** Applied in this order, so that a whole design and exceptions from it can come together. */
export interface DesignChange {
  /** All tokens from here on, in place of those there are. */
  readonly design: DesignTokens | null;
  readonly set: DesignTokens;
  /** Names of tokens; one that is not there is no mistake. */
  readonly unset: readonly string[];
}

export type UpdateDecision =
  | { readonly kind: 'changed'; readonly profile: Profile }
  | { readonly kind: 'unchanged' | 'profile_archived' | 'too_many_tokens' };

export type ArchiveDecision =
  | { readonly kind: 'changed'; readonly profile: Profile }
  | { readonly kind: 'already_archived' };

/** Renames a profile, moves it to another plan, changes its tokens: all of it or, when something does not apply, nothing. */
export function updateProfile(profile: Profile, change: ProfileChange): UpdateDecision {
  if (profile.archivedAt !== null) return { kind: 'profile_archived' };
  const design = changedDesign(profile.design, change);
  if (Object.keys(design).length > MAX_DESIGN_TOKENS) return { kind: 'too_many_tokens' };
  const { name, plan } = { name: change.name ?? profile.name, plan: change.plan ?? profile.plan };
  if (name === profile.name && plan === profile.plan && hasSameTokens(design, profile.design)) {
    return { kind: 'unchanged' };
  }
  return { kind: 'changed', profile: { ...profile, name, plan, design } };
}

/**
 * Ends a profile for ever, with all its keys. There is no way back: keys that were refused would be accepted again, among them
 * those that nobody revoked because they were dead.
 */
export function archiveProfile(profile: Profile, now: number): ArchiveDecision {
  if (profile.archivedAt !== null) return { kind: 'already_archived' };
  return { kind: 'changed', profile: { ...profile, archivedAt: now } };
}

/** The tokens after a change. Those that stay keep their place. */
export function changedDesign(before: DesignTokens, { design, set, unset }: DesignChange): DesignTokens {
  const tokens = new Map(Object.entries({ ...(design ?? before), ...set }));
  for (const name of unset) tokens.delete(name);
  return Object.fromEntries(tokens);
}

function hasSameTokens(left: DesignTokens, right: DesignTokens): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}
