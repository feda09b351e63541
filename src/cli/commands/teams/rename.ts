import type { Command } from 'commander';
import { teamJson } from '../../../api/people.ts';
import { NAME_RULE } from '../../../core/key-name.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { newName } from '../../name-flag.ts';
import { addTeamFlag, chosenTeam, type TeamFlag } from '../../team-choice.ts';
import { visible } from '../../visible-text.ts';

interface RenameOptions extends TeamFlag {
  readonly name?: string;
}

/** `outkit teams rename` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Gives a team another name. Its id stays.')
    .option('-n, --name <name>', `new name of the team: ${NAME_RULE}`);
  addTeamFlag(command).action((options: RenameOptions) => launch((context) => rename(options, context)));
  addHelp(command, {
    examples: ['outkit teams rename -n Acme', 'outkit teams rename --team Acme -n "Acme Europe"'],
    output: ['text    the new name', '--json  {id, name, createdAt, role}'],
    exitCodes: ['3 no such team'],
  });
}

async function rename(options: RenameOptions, context: CommandContext): Promise<undefined> {
  const { argv, output } = context;
  const name = await newName(options.name, 'team', context);
  const session = await context.session();
  const team = await chosenTeam(options.team, session, argv);
  const renamed = await session.teams.rename(team.id, name);
  if (output.isJson) output.document(teamJson(renamed));
  else output.line(visible(`${team.name} (${team.id}) is called ${renamed.name} now`));
}
