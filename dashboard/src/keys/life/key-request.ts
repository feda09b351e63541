import type { Environment } from '../../../../src/core/environment.ts';
import { NAME_RULE, normalizedName } from '../../../../src/core/key-name.ts';
import type { CreateKey } from '../../../../src/core/key-service.ts';
import { holdsSecret } from '../../../../src/core/secret.ts';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { type TermFields, type TermProblems, termProblemsOf, termsOf } from './key-terms.ts';

/** What somebody filled in for a new key, and what is asked of the server for it. Pure. */

export interface KeyFields extends TermFields {
  readonly name: string;
  readonly environment: Environment;
}

export const NO_KEY_FIELDS: KeyFields = { name: '', environment: 'development', expiry: 'never', date: '', limit: '' };

export type KeyProblems = TermProblems & { readonly name?: string };

type KeyRequest = Omit<CreateKey, 'profileId' | 'secret'>;

const words = keyLifeTexts.create.problems;

/** What is wrong with it, by field. Empty when nothing is. */
export function problemsOf(fields: KeyFields, now: number): KeyProblems {
  return {
    ...(holdsSecret(fields.name)
      ? { name: words.secret }
      : nameOf(fields) === null
        ? { name: words.name(NAME_RULE) }
        : {}),
    ...termProblemsOf(fields, now),
  };
}

/** Of fields without a problem. */
export function requestOf(fields: KeyFields, now: number): KeyRequest {
  const { expiresAt = null, rateLimitPerMinute = null } = termsOf(fields, now);
  return { name: nameOf(fields) ?? '', environment: fields.environment, expiresAt, rateLimitPerMinute };
}

function nameOf({ name }: KeyFields): string | null {
  return normalizedName(name.trim());
}
