import type { Fact } from './fact.ts';

export type Verdict = 'pass' | 'warn' | 'fail' | 'skip';

/** From the machine to the key. */
export type CheckName =
  | 'node'
  | 'config'
  | 'server'
  | 'version'
  | 'tls'
  | 'clock'
  | 'logins'
  | 'credential'
  | 'profile'
  | 'env-file'
  | 'browser'
  | 'build'
  | 'files'
  | 'history'
  | 'key';

/** What a check has come to. `fix` is the command, or failing one the step, that mends it. No text of it ever holds a key. */
export interface Finding {
  readonly verdict: Verdict;
  readonly detail: string;
  readonly fix: string | null;
}

export interface Check extends Finding {
  readonly name: CheckName;
}

export function pass(detail: string): Finding {
  return { verdict: 'pass', detail, fix: null };
}

export function warn(detail: string, fix: string | null): Finding {
  return { verdict: 'warn', detail, fix };
}

export function fail(detail: string, fix: string | null): Finding {
  return { verdict: 'fail', detail, fix };
}

/** `why` it could not be checked. */
export function skip(why: string): Finding {
  return { verdict: 'skip', detail: why, fix: null };
}

/** Judges a fact that is known. One that could not be found is a failure, and one that was not looked for is skipped. */
export function judged<T>(fact: Fact<T>, judge: (value: T) => Finding): Finding {
  if (fact.kind === 'known') return judge(fact.value);
  return fact.kind === 'failed' ? fail(fact.what, fact.fix) : skip(fact.why);
}
