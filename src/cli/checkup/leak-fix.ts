import { basename, dirname, join } from 'node:path';
import { commandLine, shellWord } from '../command-line.ts';
import { visible } from '../visible-text.ts';
import { type EnvFileFacts, KEY_VARIABLE } from './env-file-facts.ts';
import { known } from './fact.ts';
import type { Facts } from './facts.ts';
import { dangerOf } from './secret-words.ts';
import type { SeenSecret } from './seen-secret.ts';

type LeakFacts = Pick<Facts, 'states' | 'envFile'>;

/** The command after which a leaked secret is refused, `null` for one that does not work. It is the same wherever the secret was found. */
export function leakFix(secret: SeenSecret, facts: LeakFacts): string | null {
  const end = endCommand(secret, facts);
  const file = known(facts.envFile);
  // The env file gets no new secret as long as git tracks it.
  if (file?.gitStatus !== 'tracked' || end === null || variableWith(secret, file) === undefined) return end;
  return `${untrackCommand(file.shownPath)} && ${end}`;
}

/** Makes git forget the env file, and ignore it. */
export function untrackCommand(shownPath: string): string {
  return `git rm --cached ${shellWord(shownPath)} && ${ignoreCommand(shownPath)}`;
}

/** A line for the `.gitignore` beside the file. */
export function ignoreCommand(shownPath: string): string {
  return `echo ${shellWord(`/${basename(shownPath)}`)} >> ${shellWord(join(dirname(shownPath), '.gitignore'))}`;
}

/** How a command that mints puts the secret into that variable of the env file. */
export function envFileFlags(variable: string): readonly string[] {
  return variable === KEY_VARIABLE ? ['--env-file'] : ['--env-file', '--env-name', variable];
}

/**
 * Ends the secret and no other: the one that replaced it may be at work already. Only a current secret of which this project knows no
 * use takes its key along, since nobody would get the next one.
 */
function endCommand(secret: SeenSecret, { states, envFile }: LeakFacts): string | null {
  const state = states.get(secret.hash);
  if (dangerOf(state) !== 'live' || state?.kind !== 'known' || state.value.kind !== 'known') return null;
  const { key, secret: role } = state.value;
  const id = visible(key.id);
  if (role === 'previous') return commandLine(['keys', 'rotate', id, '--end-grace']);
  const file = known(envFile);
  const variable = file === null ? undefined : variableWith(secret, file);
  if (variable === undefined) return commandLine(['keys', 'revoke', id]);
  // Inside a grace window only the newest secret can be replaced, which then ends at once.
  const atOnce = key.previousSecret === null ? ['--grace', '0'] : ['--replace-new'];
  return commandLine(['keys', 'rotate', id, ...atOnce, ...envFileFlags(variable)]);
}

/** The variable with this secret in an env file that takes another, once git does not track it. */
function variableWith({ hash }: SeenSecret, { variables, refusal, gitStatus }: EnvFileFacts): string | undefined {
  if (refusal !== null && gitStatus !== 'tracked') return undefined;
  return variables.find(({ value }) => value.kind === 'secret' && value.secret.hash === hash)?.name;
}
