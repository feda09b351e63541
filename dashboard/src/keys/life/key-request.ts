import { DAY_MS } from '../../../../src/core/clock.ts';
import type { Environment } from '../../../../src/core/environment.ts';
import { NAME_RULE, normalizedName } from '../../../../src/core/key-name.ts';
import type { CreateKey } from '../../../../src/core/key-service.ts';
import { holdsSecret } from '../../../../src/core/secret.ts';
import { keyLifeTexts } from '../../texts/key-life.ts';

/** What somebody filled in for a new key, and what is asked of the server for it. Pure. */

export const EXPIRIES = ['never', '7', '30', '90', '365', 'date'] as const;
export type Expiry = (typeof EXPIRIES)[number];

export interface KeyFields {
  readonly name: string;
  readonly environment: Environment;
  readonly expiry: Expiry;
  /** As an input for dates has it, when that is the expiry. */
  readonly date: string;
  /** Empty for that of the plan. */
  readonly limit: string;
}

export const NO_KEY_FIELDS: KeyFields = { name: '', environment: 'development', expiry: 'never', date: '', limit: '' };

export type KeyProblems = Partial<Readonly<Record<'name' | 'date' | 'limit', string>>>;

type KeyRequest = Omit<CreateKey, 'profileId' | 'secret'>;

const MAX_LIMIT = 1_000_000_000;
const words = keyLifeTexts.create.problems;

/** What is wrong with it, by field. Empty when nothing is. */
export function problemsOf(fields: KeyFields, now: number): KeyProblems {
  const expiresAt = expiryOf(fields, now);
  return {
    ...(holdsSecret(fields.name)
      ? { name: words.secret }
      : nameOf(fields) === null
        ? { name: words.name(NAME_RULE) }
        : {}),
    ...(expiresAt === null || expiresAt > now ? {} : { date: words.date }),
    ...(limitOf(fields) === undefined ? { limit: words.limit(MAX_LIMIT) } : {}),
  };
}

/** Of fields without a problem. */
export function requestOf(fields: KeyFields, now: number): KeyRequest {
  return {
    name: nameOf(fields) ?? '',
    environment: fields.environment,
    expiresAt: expiryOf(fields, now),
    rateLimitPerMinute: limitOf(fields) ?? null,
  };
}

function nameOf({ name }: KeyFields): string | null {
  return normalizedName(name.trim());
}

/** The end of a day that was chosen, in the zone of the browser. A date that is none lies in the past. */
function expiryOf({ expiry, date }: KeyFields, now: number): number | null {
  if (expiry === 'never') return null;
  if (expiry !== 'date') return now + Number(expiry) * DAY_MS;
  const end = new Date(`${date}T23:59:59`).getTime();
  return Number.isNaN(end) ? 0 : end;
}

/** `null` is that of the plan, `undefined` no limit that there is. */
function limitOf({ limit }: KeyFields): number | null | undefined {
  const text = limit.trim();
  if (text === '') return null;
  const value = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  return value <= MAX_LIMIT ? value : undefined;
}
