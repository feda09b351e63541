import { shellWord } from '../command-line.ts';
import type { SecretInBuild } from './build-search.ts';
import { type Finding, fail, judged, pass, warn } from './check.ts';
import { known } from './fact.ts';
import type { Facts } from './facts.ts';
import { count, shown } from './finding-list.ts';
import { leakFix } from './leak-fix.ts';
import { type Danger, dangerOf, secretLabel } from './secret-words.ts';

/** What browsers download holds no key: not even one that has ended, since the next one would get there too. */
export function checkBuilds(facts: Pick<Facts, 'builds' | 'states' | 'envFile'>): readonly Finding[] {
  const { builds } = facts;
  const search = known(builds);
  if (search === null) return [judged(builds, () => pass(''))];
  const { folders, found, files, leftOut, stoppedBy } = search;
  if (folders.length === 0) return [pass('no build output so far')];
  const findings = found.map((one) => findingOf(one, facts));
  const left = leftOut.oversized === 0 ? '' : `; ${count(leftOut.oversized, 'file')} over 5 MiB left out`;
  const links = leftOut.links === 0 ? '' : `; ${count(leftOut.links, 'link')} not followed`;
  const summary = `${count(files, 'file')} of ${folders.join(', ')}${left}${links}`;
  if (stoppedBy !== null) {
    return shown(
      findings,
      warn(`not finished: ended after ${stoppedBy}, with ${summary}`, wholeSearch(folders)),
      false,
    );
  }
  if (leftOut.unreadable > 0) {
    const detail = `no key in ${summary}; ${leftOut.unreadable} more cannot be read`;
    return shown(findings, warn(detail, wholeSearch(folders)), false);
  }
  return shown(findings, pass(`no key in ${summary}`), true);
}

function findingOf({ secret, place }: SecretInBuild, facts: Pick<Facts, 'states' | 'envFile'>): Finding {
  const state = facts.states.get(secret.hash);
  const danger = dangerOf(state);
  const what = `${secretLabel(secret, state)} is in ${place}, which browsers get`;
  return fail(
    `${what}${STATES[danger]}. Take it out of the code, end it, and build again`,
    fixOf(danger, leakFix(secret, facts)),
  );
}

const STATES: Readonly<Record<Danger, string>> = {
  live: ', and works',
  dead: '; it has ended',
  unknown: '; this server does not know it',
  unchecked: '; whether it still works was not asked',
};

function fixOf(danger: Danger, end: string | null): string {
  if (danger === 'dead') return 'take it out of the code, and build again';
  if (danger === 'unknown') return 'revoke it at its own server';
  return end ?? 'outkit doctor, once the server answers';
}

/** For the person to run: it names files, and no key. */
function wholeSearch(folders: readonly string[]): string {
  return `grep -rlE 'ok[dsp]_[0-9A-Za-z]{38}' ${folders.map(shellWord).join(' ')}`;
}
