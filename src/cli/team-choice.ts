import type { Command } from 'commander';
import { TEAM_ID_PATTERN } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { TeamSummary } from '../core/people-service.ts';
import { commandLine, splitGlobalFlags, withArgument } from './command-line.ts';
import type { Session } from './session.ts';

export interface TeamFlag {
  readonly team?: string;
}

export function addTeamFlag(command: Command): Command {
  return command.option('--team <team>', 'id of the team, or its name if no other has it');
}

/**
 * The team of `--team`, else that of the active profile, else the only one. Throws `not_found` and `ambiguous_id` for the flag, and
 * `usage` with the teams there are when nothing says which.
 */
export async function chosenTeam(
  flag: string | undefined,
  session: Pick<Session, 'teams' | 'profiles' | 'config'>,
  argv: readonly string[],
): Promise<TeamSummary> {
  const teams = await session.teams.list();
  if (flag !== undefined) return namedTeam(flag, teams, argv);
  const [only, ...others] = teams;
  if (only !== undefined && others.length === 0) return only;
  const ofProfile = await teamOfProfile(session);
  const team = teams.find(({ id }) => id === ofProfile);
  if (team !== undefined) return team;
  if (teams.length === 0) throw inNoTeam();
  const { globals, rest } = splitGlobalFlags(argv);
  const hint = commandLine([...rest, '--team', teams[0]?.id ?? '', ...globals]);
  throw new OutkitError('usage', `You are in several teams: ${inWords(teams)}`, hint);
}

export function inNoTeam(): OutkitError {
  return new OutkitError('not_found', 'You are in no team', 'ask an owner or admin for an invitation');
}

/** The id of {@link chosenTeam}; one in the flag is not looked up. */
export async function teamIdOf(
  flag: string | undefined,
  session: Pick<Session, 'teams' | 'profiles' | 'config'>,
  argv: readonly string[],
): Promise<string> {
  return flag !== undefined && TEAM_ID_PATTERN.test(flag) ? flag : (await chosenTeam(flag, session, argv)).id;
}

function namedTeam(flag: string, teams: readonly TeamSummary[], argv: readonly string[]): TeamSummary {
  const byId = teams.find(({ id }) => id === flag);
  const [team = byId, ...others] = byId === undefined ? teams.filter(({ name }) => name === flag) : [byId];
  const [first] = others.length > 0 ? [team] : teams;
  const hint = first === undefined ? null : withArgument(argv, flag, first.id);
  if (team === undefined)
    throw new OutkitError('not_found', `--team names none of your teams: ${inWords(teams)}`, hint);
  if (others.length === 0) return team;
  throw new OutkitError('ambiguous_id', `--team is the name of several teams: ${inWords([team, ...others])}`, hint);
}

/** `undefined` without an active profile, and when the server does not know it or does not tell. */
async function teamOfProfile({ profiles, config }: Pick<Session, 'profiles' | 'config'>) {
  if (config?.profile === undefined) return undefined;
  try {
    return (await profiles.find(config.profile)).teamId;
  } catch (error) {
    if (error instanceof OutkitError && error.code === 'not_found') return undefined;
    throw error;
  }
}

function inWords(teams: readonly TeamSummary[]): string {
  return teams.length === 0 ? 'there are none' : teams.map(({ id, name }) => `${id} (${name})`).join(', ');
}
