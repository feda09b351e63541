import * as v from 'valibot';
import { MAX_DESIGN_TOKENS } from '../core/profile.ts';
import type { ArchivedProfile, ChangedProfile, ProfileSummary } from '../core/profile-service.ts';
import { answerTime, isoTime, isoTimeOrNull, name, withoutSecret } from './bounds.ts';
import { gatewaysAnswer } from './key-answers.ts';
import { teamId } from './people.ts';

/** A CSS custom property and a value that cannot leave its declaration. */
export const tokenName = v.pipe(
  v.string(),
  v.regex(/^--outkit-[a-z0-9-]{1,48}$/, 'must be a property such as --outkit-primary'),
);
export const tokenValue = v.pipe(
  v.string(),
  v.regex(/^[\p{L}\p{N} #%.,()'"/+_-]{1,200}$/u, 'must be a plain CSS value of 1 to 200 characters'),
  withoutSecret,
);

const TOKEN_LIMIT = `must have at most ${MAX_DESIGN_TOKENS} tokens`;

/** Said apart, since a list passes for a record without members. */
const notAList = v.custom<object>((input) => !Array.isArray(input), 'must be an object of tokens');

export const design = v.pipe(
  v.intersect([v.record(tokenName, tokenValue), notAList]),
  v.check((tokens) => Object.keys(tokens).length <= MAX_DESIGN_TOKENS, TOKEN_LIMIT),
);

const plan = v.picklist(['free', 'pro'], 'must be free or pro');

export const createProfileBody = v.strictObject({
  name,
  plan: v.optional(plan, 'free'),
  design: v.optional(design, {}),
});

/** What is absent or `null` stays as it is. */
export const updateProfileBody = v.strictObject({
  name: v.optional(v.nullable(name), null),
  plan: v.optional(v.nullable(plan), null),
  design: v.optional(v.nullable(design), null),
  set: v.optional(design, {}),
  unset: v.optional(v.pipe(v.array(tokenName), v.maxLength(MAX_DESIGN_TOKENS, TOKEN_LIMIT)), []),
});

/** Which team, for somebody who is in several. */
export const teamQuery = v.strictObject({ team: v.optional(teamId) });

export const listProfilesQuery = v.strictObject({ ...teamQuery.entries, include: v.optional(v.literal('archived')) });

export function profileJson(profile: ProfileSummary) {
  const { id, teamId, name, plan, design, createdAt, archivedAt } = profile;
  return { id, teamId, name, plan, design, createdAt: isoTime(createdAt), archivedAt: isoTimeOrNull(archivedAt) };
}

export function changedProfileJson(changed: ChangedProfile) {
  return { ...profileJson(changed), gateways: changed.gateways };
}

export function archivedProfileJson({ id, archivedAt, gateways }: ArchivedProfile) {
  return { id, archivedAt: isoTime(archivedAt), gateways };
}

const profileEntries = {
  id: v.string(),
  teamId: v.string(),
  name: v.string(),
  plan: v.picklist(['free', 'pro']),
  design: v.record(v.string(), v.string()),
  createdAt: answerTime,
  archivedAt: v.nullable(answerTime),
};

export const profileAnswer = v.object(profileEntries);
export const profilesAnswer = v.object({ data: v.array(profileAnswer) });
export const changedProfileAnswer = v.object({ ...profileEntries, gateways: gatewaysAnswer });
export const archivedProfileAnswer = v.object({ id: v.string(), archivedAt: answerTime, gateways: gatewaysAnswer });
