import { type Finding, fail, judged, pass, warn } from './check.ts';
import { known } from './fact.ts';
import type { Facts } from './facts.ts';
import { count, shown } from './finding-list.ts';
import { leakFix } from './leak-fix.ts';
import { type Danger, dangerOf, secretLabel } from './secret-words.ts';
import type { SeenSecret } from './seen-secret.ts';

const AGAIN = 'outkit doctor, once the server answers';

/** Files that are committed, or would be. */
export function checkFiles(facts: Pick<Facts, 'tree' | 'states' | 'envFile'>): readonly Finding[] {
  const { tree, states } = facts;
  const search = known(tree);
  if (tree.kind === 'failed') return [warn('git cannot list the files of the project', 'git status')];
  if (search === null) return [judged(tree, () => pass(''))];
  const findings = search.found.flatMap(({ secret, path, isTracked }) => {
    const state = states.get(secret.hash);
    const danger = dangerOf(state);
    const label = secretLabel(secret, state);
    if (danger === 'dead') return [];
    if (!isTracked) return [warn(`${label} is in ${path}: git add would take it`, `move it out of ${path}`)];
    return [leak(danger, `${label} is in ${path}, which git tracks`, leakFix(secret, facts))];
  });
  const rest = search.isComplete
    ? pass(summary(search.found, findings.length, `in ${count(search.files, 'file')}`))
    : warn(`not finished: ${count(search.files, 'file')} were searched`, 'git status');
  return shown(findings, rest, search.isComplete);
}

/** A key that was ever committed is known to everybody who has the repository: ending it is what helps, not removing it. */
export function checkHistory(facts: Pick<Facts, 'history' | 'states' | 'envFile'>): readonly Finding[] {
  const { history, states } = facts;
  const search = known(history);
  if (search === null) return [judged(history, () => pass(''))];
  const { found, commits, oversized, incomplete } = search;
  const findings = found.flatMap(({ secret, place }) => {
    const state = states.get(secret.hash);
    const danger = dangerOf(state);
    if (danger === 'dead') return [];
    return [leak(danger, `${secretLabel(secret, state)} is in ${place}`, leakFix(secret, facts))];
  });
  const left = oversized === 0 ? '' : `; ${count(oversized, 'file')} over 10 MiB left out`;
  const rest =
    incomplete === null
      ? pass(summary(found, findings.length, `in ${count(commits, 'commit')}`) + left)
      : warn(incomplete.why, incomplete.fix);
  return shown(findings, rest, incomplete === null);
}

function leak(danger: Danger, what: string, fix: string | null): Finding {
  if (danger === 'unknown') return warn(`${what}; this server does not know it`, 'revoke it at its own server');
  if (danger === 'unchecked') return fail(`${what}; whether it still works was not asked`, AGAIN);
  return fail(`${what}, and works`, fix);
}

function summary(found: readonly { secret: SeenSecret }[], dangerous: number, where: string): string {
  const dead = new Set(found.map(({ secret }) => secret.hash)).size - dangerous;
  return dead <= 0 ? `no key ${where}` : `no key that works ${where}; ${dead} that ended`;
}
