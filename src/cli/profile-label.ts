import { PLANS, type Plan } from '../core/profile.ts';
import type { ProfileSummary } from '../core/profile-service.ts';
import type { ProjectConfig } from './config.ts';
import type { Colours } from './output.ts';
import { visible } from './visible-text.ts';

/** A profile as a sentence names it: `Web (prof_7hq3m2xk9tqw4bnz)`. */
export function profileLabel({ id, name }: Pick<ProfileSummary, 'id' | 'name'>): string {
  return `${visible(name)} (${visible(id)})`;
}

/** `pro (100 requests a minute for each key, 8 components)` */
export function planLabel(plan: Plan): string {
  const { rateLimitPerMinute, maxComponents } = PLANS[plan];
  return `${plan} (${rateLimitPerMinute} requests a minute for each key, ${maxComponents} components)`;
}

/** `in use` is the one that `outkit.json` names. */
export function profileStatus({ id, archivedAt }: ProfileSummary, config: ProjectConfig | null): string {
  if (archivedAt !== null) return 'archived';
  return id === config?.profile ? 'in use' : 'available';
}

export function profileStatusColour(status: string, colours: Colours): string {
  if (status === 'archived') return colours.red(status);
  return status === 'in use' ? colours.green(status) : status;
}
