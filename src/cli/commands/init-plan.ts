import { OutkitError } from '../../core/errors.ts';
import { NAME_RULE, normalizedName } from '../../core/key-name.ts';
import type { CommandContext } from '../command.ts';
import { commandLine, withArgument } from '../command-line.ts';
import type { ConfigChange } from '../config-change.ts';
import type { AppFile } from '../framework/app-file.ts';
import { teamIdOf } from '../team-choice.ts';
import { visible } from '../visible-text.ts';
import type { InitOptions, Survey } from './init-survey.ts';

/** What will be done. */
export interface InitPlan {
  readonly profile: ProfileChoice;
  readonly createKey: boolean;
  readonly hideFromGit: boolean;
  /** Files of the app to make. */
  readonly files: readonly AppFile[];
}

export type ProfileChoice =
  | { readonly kind: 'existing'; readonly id: string; readonly name: string }
  | { readonly kind: 'new'; readonly name: string; readonly teamId: string };

const NEW_PROFILE = 'new';

/** What the project should have, after all questions have been answered. Throws `cancelled`, and exit code 2 where nobody is there to ask. */
export async function askForPlan(found: Survey, options: InitOptions, context: CommandContext): Promise<InitPlan> {
  const profile = await chooseProfile(found, options, context);
  const { proxy, page } = found;
  const questions = [keyQuestion(found), gitQuestion(found), fileQuestion(proxy), fileQuestion(page)] as const;
  if (options.yes !== true && !context.interactive) refuseToAsk(questions, context);
  const [aboutKey, aboutGit, aboutProxy, aboutPage] = questions;
  const createKey = await answerTo(aboutKey, options, context);
  const hideFromGit = await answerTo(aboutGit, options, context);
  const files: AppFile[] = [];
  if (proxy !== null && (await answerTo(aboutProxy, options, context))) files.push(proxy);
  // The page is of no use without the proxy.
  const hasProxy = proxy !== null && (proxy.existing !== null || files.length > 0);
  if (page !== null && hasProxy && (await answerTo(aboutPage, options, context))) files.push(page);
  return { profile, createKey, hideFromGit, files };
}

/** The fields that `outkit.json` lacks. The id of a new profile is known only when it has been made. */
export function configChange({ config, envFile, apiUrl }: Survey, profile: string): ConfigChange {
  return {
    ...(config?.profile === profile ? {} : { profile }),
    ...(apiUrl === undefined ? {} : { apiUrl }),
    ...(envFile.envFile === undefined ? {} : { envFile: envFile.envFile }),
  };
}

interface Question {
  readonly text: string;
  readonly initial: boolean;
  /** What it is about, to be read before it is asked. */
  readonly shown?: string;
}

function keyQuestion({ envFile: { held, shownPath, line } }: Survey): Question | null {
  if (held.kind === 'key') return null;
  if (held.kind === 'none') return { text: `Create a key and write it to ${shownPath}?`, initial: true };
  return { text: `${shownPath}:${line} holds ${held.what}. Create a key and replace it?`, initial: false };
}

function gitQuestion({ exposed }: Survey): Question | null {
  if (exposed.length === 0) return null;
  const names = exposed.map(({ shownPath }) => shownPath).join(' and ');
  return {
    text: `git does not ignore ${names}. Add ${exposed.length === 1 ? 'it' : 'them'} to .gitignore?`,
    initial: true,
  };
}

function fileQuestion(file: AppFile | null): Question | null {
  if (file === null || file.existing !== null) return null;
  const name = visible(file.file);
  return { text: `Write ${name}?`, initial: true, shown: `\n${name}:\n\n${shownCode(file.code)}\n` };
}

/** Each line is made safe for a terminal: an address in it comes from elsewhere. */
function shownCode(code: string): string {
  return code
    .trimEnd()
    .split('\n')
    .map((line) => `  ${visible(line)}`)
    .join('\n');
}

async function answerTo(
  question: Question | null,
  { yes }: InitOptions,
  { io, output }: CommandContext,
): Promise<boolean> {
  if (question === null || yes === true) return question?.initial ?? false;
  if (question.shown !== undefined) output.note(question.shown);
  return (await io.openPrompts()).confirm(question.text, question.initial);
}

function refuseToAsk(questions: readonly (Question | null)[], { argv }: CommandContext): void {
  const open = questions.find((question) => question !== null);
  if (open === undefined) return;
  throw new OutkitError(
    'needs_terminal',
    `Nobody is there to answer: ${open.text} Re-run with --yes to take the defaults.`,
    commandLine([...argv, '--yes']),
  );
}

async function chooseProfile(found: Survey, options: InitOptions, context: CommandContext): Promise<ProfileChoice> {
  const { profiles, config, server } = found;
  const wanted = options.profile ?? config?.profile;
  const match = profiles.find(({ id }) => id === wanted);
  if (match !== undefined) return { kind: 'existing', id: match.id, name: match.name };
  if (options.profile !== undefined) {
    const code = options.profile.startsWith('prof_') ? 'not_found' : 'usage';
    const hint = withArgument(context.argv, options.profile, profiles[0]?.id ?? '<profileId>');
    throw new OutkitError(code, `--profile names no profile of ${server.url}. ${inWords(found)}`, hint);
  }
  const [first, ...others] = profiles;
  if (wanted === undefined && first !== undefined && others.length === 0) {
    return { kind: 'existing', id: first.id, name: first.name };
  }
  if (first === undefined && options.yes === true) {
    return { kind: 'new', name: 'Default', teamId: await teamOfNew(found, options, context) };
  }
  const why = reasonToAsk(found);
  if (options.yes === true || !context.interactive) {
    const flags = first === undefined ? ['--yes'] : ['--profile', first.id];
    const way = first === undefined ? 'Re-run with --yes to make one.' : `Choose one with --profile. ${inWords(found)}`;
    throw new OutkitError('needs_terminal', `${why}. ${way}`, commandLine([...context.argv, ...flags]));
  }
  context.output.note(why);
  return askForProfile(found, options, context);
}

function reasonToAsk({ config, profiles, server }: Survey): string {
  const named = config?.profile;
  if (named !== undefined) return `outkit.json names ${named}, which ${server.url} does not have or has archived`;
  return profiles.length === 0 ? `${server.url} has no profile yet` : 'There are several profiles';
}

async function askForProfile(found: Survey, options: InitOptions, context: CommandContext): Promise<ProfileChoice> {
  const { profiles } = found;
  const prompts = await context.io.openPrompts();
  if (profiles.length > 0) {
    const choices = profiles.map(({ id, name }) => ({ value: id, label: `${visible(name)} (${id})` }));
    const chosen = await prompts.select('Which profile do the keys of this project belong to?', [
      ...choices,
      { value: NEW_PROFILE, label: 'A new one' },
    ]);
    const profile = profiles.find(({ id }) => id === chosen);
    if (profile !== undefined) return { kind: 'existing', id: profile.id, name: profile.name };
  }
  const teamId = await teamOfNew(found, options, context);
  const answer = await prompts.text('Name of the new profile', (text) =>
    normalizedName(text) === null ? `A name has ${NAME_RULE}` : null,
  );
  return { kind: 'new', name: normalizedName(answer) ?? answer, teamId };
}

/** Before the name is asked for: a question whose answer is of no use is none to ask. */
async function teamOfNew({ services }: Survey, { team, yes }: InitOptions, { argv, io, interactive }: CommandContext) {
  const teams = await services.teams.list();
  if (team === undefined && yes !== true && interactive && teams.length > 1) {
    const choices = teams.map(({ id, name }) => ({ value: id, label: `${visible(name)} (${id})` }));
    return (await io.openPrompts()).select('Which team does the new profile belong to?', choices);
  }
  return teamIdOf(team, { ...services, config: null }, argv);
}

function inWords({ profiles }: Survey): string {
  const list = profiles.slice(0, 5).map(({ id, name }) => `${id} (${name})`);
  return list.length === 0 ? 'There are none yet' : `There are ${list.join(', ')}${profiles.length > 5 ? ', …' : ''}`;
}
