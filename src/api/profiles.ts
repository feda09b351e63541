import * as v from 'valibot';
import type { ProfileSummary } from '../core/profile-service.ts';
import { answerTime, isoTime, name, withoutSecret } from './bounds.ts';

/** A CSS custom property and a value that cannot leave its declaration. */
const tokenName = v.pipe(
  v.string(),
  v.regex(/^--outkit-[a-z0-9-]{1,48}$/, 'must be a property such as --outkit-primary'),
);
const tokenValue = v.pipe(
  v.string(),
  v.regex(/^[\p{L}\p{N} #%.,()'"/+_-]{1,200}$/u, 'must be a plain CSS value of 1 to 200 characters'),
  withoutSecret,
);

export const design = v.pipe(
  v.record(tokenName, tokenValue),
  v.check((tokens) => Object.keys(tokens).length <= 64, 'must have at most 64 tokens'),
);

export const createProfileBody = v.strictObject({
  name,
  plan: v.optional(v.picklist(['free', 'pro']), 'free'),
  design: v.optional(design, {}),
});

export function profileJson(profile: ProfileSummary) {
  const { id, name, plan, design, createdAt } = profile;
  return { id, name, plan, design, createdAt: isoTime(createdAt) };
}

export const profileAnswer = v.object({
  id: v.string(),
  name: v.string(),
  plan: v.picklist(['free', 'pro']),
  design: v.record(v.string(), v.string()),
  createdAt: answerTime,
});

export const profilesAnswer = v.object({ data: v.array(profileAnswer) });
