import * as v from 'valibot';
import { tokenName, tokenValue } from '../../../src/api/profiles.ts';
import type { DesignTokens, Plan } from '../../../src/core/profile.ts';
import type { ProfileSummary } from '../../../src/core/profile-service.ts';

/** A profile as somebody is changing it. */
export interface ProfileDraft {
  readonly name: string;
  readonly plan: Plan;
  readonly design: DesignTokens;
}

export function draftOf({ name, plan, design }: ProfileSummary): ProfileDraft {
  return { name, plan, design };
}

export function isSameDraft(left: ProfileDraft, right: ProfileDraft): boolean {
  // The order of tokens counts too: answers have them in it.
  return JSON.stringify(left) === JSON.stringify(right);
}

/** The rule that a name breaks, in the words of the server; `null` for a good one. */
export function nameProblem(name: string): string | null {
  return ruleOf(tokenName, name);
}

export function valueProblem(value: string): string | null {
  return ruleOf(tokenValue, value);
}

/** The tokens that the server would take: the preview has no others. */
export function goodTokens(design: DesignTokens): DesignTokens {
  const entries = Object.entries(design).filter(
    ([name, value]) => nameProblem(name) === null && valueProblem(value) === null,
  );
  return Object.fromEntries(entries);
}

/** Whether it is a colour that a colour field can show. */
export function isColour(value: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(value);
}

function ruleOf(schema: v.GenericSchema<string>, text: string): string | null {
  const read = v.safeParse(schema, text, { abortPipeEarly: true });
  return read.success ? null : read.issues[0].message;
}
