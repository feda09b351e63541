import type { Command } from 'commander';
import { profileJson } from '../../../api/profiles.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { printProfiles } from '../../profile-table.ts';
import { addTeamFlag, type TeamFlag, teamIdOf } from '../../team-choice.ts';

interface ListOptions extends TeamFlag {
  readonly all?: boolean;
}

/** `outkit profiles list` */
export function define(command: Command, launch: Launch): void {
  command.description('Lists the profiles of the team, oldest first.').option('--all', 'also archived profiles');
  addTeamFlag(command).action((options: ListOptions) => launch((context) => list(options, context)));
  addHelp(command, {
    examples: ['outkit profiles list', 'outkit profiles list --all --json'],
    output: [
      'terminal  a table: ID, NAME, PLAN, TOKENS, STATUS (in use: the one that outkit.json names)',
      'pipe      the same columns separated by tabs, without header',
      '--json    {"data":[{id, name, plan, design, createdAt, archivedAt, inUse, …}],"hasMore":false}',
    ],
    exitCodes: ['3 no such team'],
  });
}

async function list(options: ListOptions, { argv, output, session }: CommandContext): Promise<undefined> {
  const opened = await session();
  const { profiles, config } = opened;
  const teamId = await teamIdOf(options.team, opened, argv);
  const found = await profiles.list({ includeArchived: options.all === true, teamId });
  if (output.isJson) {
    const data = found.map((profile) => ({ ...profileJson(profile), inUse: profile.id === config?.profile }));
    output.document({ data, hasMore: false });
    return;
  }
  printProfiles(found, config, output);
  if (found.length === 0) output.note('No profiles. Create one: outkit profiles create -n Web --use');
}
