import { type Finding, fail } from './check.ts';

/** More findings than this are counted and not shown. */
const MAX_FINDINGS = 20;

/** Findings of a search, or without any what there is to say of `rest`, which is said in either case where the search had to stop early. */
export function shown(findings: readonly Finding[], rest: Finding, isComplete: boolean): readonly Finding[] {
  if (findings.length === 0) return [rest];
  const more = findings.length - MAX_FINDINGS;
  return [
    ...findings.slice(0, MAX_FINDINGS),
    ...(more > 0 ? [fail(`${more} more keys were found`, null)] : []),
    ...(isComplete ? [] : [rest]),
  ];
}

/** `1 file`, `2 files`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
