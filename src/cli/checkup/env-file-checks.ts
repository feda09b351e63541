import { shellWord } from '../command-line.ts';
import { type Finding, fail, judged, pass, warn } from './check.ts';
import type { EnvFileFacts } from './env-file-facts.ts';
import { known } from './fact.ts';
import type { Facts } from './facts.ts';
import { ignoreCommand, leakFix, untrackCommand } from './leak-fix.ts';
import { dangerOf, secretLabel } from './secret-words.ts';

/** The file itself; what the key in it is worth is checked apart. */
export function checkEnvFile(facts: Pick<Facts, 'envFile' | 'states'>): readonly Finding[] {
  const { envFile } = facts;
  const file = known(envFile);
  if (file === null) return [judged(envFile, () => pass(''))];
  const { shownPath, refusal, gitStatus, isReadableByOthers } = file;
  if (gitStatus === 'tracked') return [trackedFinding(file, facts)];
  if (refusal !== null) return [fail(sentence(refusal.what), sentence(refusal.tryThis))];
  if (!file.exists) return [pass(`none so far; keys create would make ${shownPath}`)];
  const findings: Finding[] = [];
  if (gitStatus === 'not-ignored') {
    const detail = `git does not ignore ${shownPath}: git add would take it`;
    findings.push(holdsKey(file) ? fail(detail, ignoreCommand(shownPath)) : warn(detail, ignoreCommand(shownPath)));
  }
  if (isReadableByOthers) {
    findings.push(warn(`other users of this machine can read ${shownPath}`, `chmod 600 ${shellWord(shownPath)}`));
  }
  if (findings.length > 0) return findings;
  return [pass(`${shownPath}, ${gitStatus === 'ignored' ? 'ignored by git' : 'in no git repository'}`)];
}

export function checkBrowserVariables(
  facts: Pick<Facts, 'browserVariables' | 'states' | 'envFile'>,
): readonly Finding[] {
  const { browserVariables, states } = facts;
  const variables = known(browserVariables);
  if (variables === null) return [judged(browserVariables, () => pass(''))];
  if (variables.length === 0) return [pass('no key is in a variable that browsers get')];
  return variables.map(({ name, place, secret }) => {
    const state = states.get(secret.hash);
    const detail = `${name} in ${place} gives ${secretLabel(secret, state)} to every browser`;
    if (dangerOf(state) === 'dead') return fail(`${detail}; it has ended`, `remove ${name} from ${place}`);
    return fail(
      `${detail}: rename it, and treat the key as leaked`,
      leakFix(secret, facts) ?? `remove ${name} from ${place}`,
    );
  });
}

function trackedFinding(file: EnvFileFacts, facts: Pick<Facts, 'envFile' | 'states'>): Finding {
  const { shownPath, variables } = file;
  const [fix] = variables.flatMap(({ value }) => (value.kind === 'secret' ? (leakFix(value.secret, facts) ?? []) : []));
  if (fix === undefined) {
    return fail(`git tracks ${shownPath}: what is in it gets committed`, untrackCommand(shownPath));
  }
  return fail(`git tracks ${shownPath}, and a key is in it: untrack it, then end its secret`, fix);
}

function holdsKey({ variables }: EnvFileFacts): boolean {
  return variables.some(({ value }) => value.kind === 'secret');
}

/** Refusals are whole sentences; details and fixes are not. */
function sentence(text: string): string {
  return text.replace(/\.$/, '');
}
