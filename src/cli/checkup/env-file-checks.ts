import { basename, dirname, join } from 'node:path';
import { type Finding, fail, judged, pass, warn } from './check.ts';
import type { EnvFileFacts } from './env-file-facts.ts';
import { known } from './fact.ts';
import type { Facts } from './facts.ts';
import { dangerOf, revokeCommand, secretLabel } from './secret-words.ts';

/** The file itself; what the key in it is worth is checked apart. */
export function checkEnvFile({ envFile, states }: Pick<Facts, 'envFile' | 'states'>): readonly Finding[] {
  const file = known(envFile);
  if (file === null) return [judged(envFile, () => pass(''))];
  const { shownPath, refusal, gitStatus, isReadableByOthers } = file;
  if (gitStatus === 'tracked') return [trackedFinding(file, states)];
  if (refusal !== null) return [fail(sentence(refusal.what), sentence(refusal.tryThis))];
  if (!file.exists) return [pass(`none so far; keys create would make ${shownPath}`)];
  const findings: Finding[] = [];
  if (gitStatus === 'not-ignored') {
    const detail = `git does not ignore ${shownPath}: git add would take it`;
    findings.push(holdsKey(file) ? fail(detail, ignoreCommand(shownPath)) : warn(detail, ignoreCommand(shownPath)));
  }
  if (isReadableByOthers) {
    findings.push(warn(`other users of this machine can read ${shownPath}`, `chmod 600 ${quoted(shownPath)}`));
  }
  if (findings.length > 0) return findings;
  return [pass(`${shownPath}, ${gitStatus === 'ignored' ? 'ignored by git' : 'in no git repository'}`)];
}

export function checkBrowserVariables({
  browserVariables,
  states,
}: Pick<Facts, 'browserVariables' | 'states'>): readonly Finding[] {
  const variables = known(browserVariables);
  if (variables === null) return [judged(browserVariables, () => pass(''))];
  if (variables.length === 0) return [pass('no key is in a variable that browsers get')];
  return variables.map(({ name, place, secret }) => {
    const state = states.get(secret.hash);
    const detail = `${name} in ${place} gives ${secretLabel(secret, state)} to every browser`;
    if (dangerOf(state) === 'dead') return fail(`${detail}; it has ended`, `remove ${name} from ${place}`);
    return fail(
      `${detail}: rename it, and treat the key as leaked`,
      revokeCommand(state) ?? `remove ${name} from ${place}`,
    );
  });
}

function trackedFinding(file: EnvFileFacts, states: Facts['states']): Finding {
  const { shownPath } = file;
  const secrets = file.variables.flatMap(({ value }) => (value.kind === 'secret' ? [value.secret] : []));
  const untrack = `git rm --cached ${quoted(shownPath)} && ${ignoreCommand(shownPath)}`;
  const live = secrets.map(({ hash }) => states.get(hash)).find((state) => dangerOf(state) === 'live');
  if (live?.kind !== 'known' || live.value.kind !== 'known') {
    return fail(`git tracks ${shownPath}: what is in it gets committed`, untrack);
  }
  const { id } = live.value.key;
  return fail(
    `git tracks ${shownPath}, and a key is in it: untrack it, then replace the key`,
    `${untrack} && outkit keys rotate ${id} --grace 0 --env-file`,
  );
}

function holdsKey({ variables }: EnvFileFacts): boolean {
  return variables.some(({ value }) => value.kind === 'secret');
}

/** A line for the `.gitignore` beside the file. */
function ignoreCommand(shownPath: string): string {
  return `echo ${quoted(`/${basename(shownPath)}`)} >> ${quoted(join(dirname(shownPath), '.gitignore'))}`;
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Refusals are whole sentences; details and fixes are not. */
function sentence(text: string): string {
  return text.replace(/\.$/, '');
}
