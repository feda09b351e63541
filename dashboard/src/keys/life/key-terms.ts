import { DAY_MS } from '../../../../src/core/clock.ts';
import { MAX_RATE_LIMIT } from '../../../../src/core/key.ts';
import type { KeyUpdate } from '../../../../src/core/key-update.ts';
import { keyLifeTexts } from '../../texts/key-life.ts';

/** What somebody filled in for the end and the limit of a key. Pure. */

export const EXPIRIES = ['never', '7', '30', '90', '365', 'date'] as const;
export type Expiry = (typeof EXPIRIES)[number];

/** `keep`: the end stays what it is. */
export const NEW_EXPIRIES = ['keep', ...EXPIRIES] as const;

export interface TermFields<Choice extends Expiry | 'keep' = Expiry> {
  readonly expiry: Choice;
  /** As an input for dates has it, when that is the expiry. */
  readonly date: string;
  /** Empty for that of the plan. */
  readonly limit: string;
}

export type EditFields = TermFields<Expiry | 'keep'>;

export type TermProblems = Partial<Readonly<Record<'date' | 'limit', string>>>;

const words = keyLifeTexts.create.problems;

/** What is wrong with it, by field. Empty when nothing is. */
export function termProblemsOf(fields: EditFields, now: number): TermProblems {
  const { expiresAt, rateLimitPerMinute } = termsOf(fields, now);
  return {
    ...(typeof expiresAt === 'number' && expiresAt <= now ? { date: words.date } : {}),
    ...(rateLimitPerMinute === undefined ? { limit: words.limit(MAX_RATE_LIMIT) } : {}),
  };
}

/** `undefined` is an end that is kept, and a limit that there is not. */
export function termsOf({ expiry, date, limit }: EditFields, now: number): KeyUpdate {
  return {
    expiresAt: expiry === 'keep' ? undefined : expiry === 'never' ? null : endOf(expiry, date, now),
    rateLimitPerMinute: limitOf(limit.trim()),
  };
}

/** Only what is another one now: what somebody else has changed meanwhile stays. `null` when nothing is. */
export function updateOf(fields: EditFields, limitBefore: string, now: number): KeyUpdate | null {
  const { expiresAt, rateLimitPerMinute } = termsOf(fields, now);
  const update = {
    ...(expiresAt !== undefined && { expiresAt }),
    ...(fields.limit.trim() !== limitBefore && { rateLimitPerMinute }),
  };
  return Object.keys(update).length === 0 ? null : update;
}

/** The end of a day that was chosen, in the zone of the browser. A date that is none lies in the past. */
function endOf(expiry: Expiry, date: string, now: number): number {
  if (expiry !== 'date') return now + Number(expiry) * DAY_MS;
  const end = new Date(`${date}T23:59:59`).getTime();
  return Number.isNaN(end) ? 0 : end;
}

function limitOf(text: string): number | null | undefined {
  if (text === '') return null;
  const value = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  return value <= MAX_RATE_LIMIT ? value : undefined;
}
