import { OutkitError } from '../../core/errors.ts';

/** What became of looking for something: there it is, looking failed, or there was no point in looking. */
export type Fact<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'failed'; readonly what: string; readonly fix: string | null }
  | { readonly kind: 'not_looked'; readonly why: string };

/** Never rejects: one thing that cannot be found must not hide the others. */
export async function look<T>(find: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { kind: 'known', value: await find() };
  } catch (error) {
    const what = error instanceof Error ? error.message : 'unknown error';
    return { kind: 'failed', what, fix: error instanceof OutkitError ? error.hint : null };
  }
}

/** Looks further only where the fact before is known; `why` says what was missing. */
export async function lookAfter<T, U>(fact: Fact<T>, why: string, find: (value: T) => Promise<U>): Promise<Fact<U>> {
  return fact.kind === 'known' ? look(() => find(fact.value)) : notLooked(why);
}

export function mapped<T, U>(fact: Fact<T>, map: (value: T) => U): Fact<U> {
  return fact.kind === 'known' ? { kind: 'known', value: map(fact.value) } : fact;
}

/** The fact for a check that is not about it but needs it: where it is not known, that check has no point. */
export function needed<T>(fact: Fact<T>, why: string): Fact<T> {
  return fact.kind === 'known' ? fact : notLooked(why);
}

export function notLooked<T>(why: string): Fact<T> {
  return { kind: 'not_looked', why };
}

/** The value of a known fact, else `null`. */
export function known<T>(fact: Fact<T>): T | null {
  return fact.kind === 'known' ? fact.value : null;
}
