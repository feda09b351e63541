import type { Command } from 'commander';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { confirmed, refuseUnasked, type YesFlag } from '../../confirmation.ts';
import { chosenMember } from '../../member-choice.ts';
import { addTeamFlag, chosenTeam, type TeamFlag } from '../../team-choice.ts';
import { visible } from '../../visible-text.ts';

interface RemoveOptions extends TeamFlag, YesFlag {}

/** `outkit people remove` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Takes somebody out of a team, also yourself. When the command returns, they reach nothing of it.')
    .argument('<person>', 'e-mail address or id')
    .option('-y, --yes', 'do not ask');
  addTeamFlag(command).action((person: string, options: RemoveOptions) =>
    launch((context) => remove(person, options, context)),
  );
  addHelp(command, {
    examples: ['outkit people remove ben@example.com', 'outkit people remove ben@example.com --team Acme -y'],
    output: ['text    who is out of which team', '--json  {personId, email, teamId}'],
    exitCodes: ['3 no such person or team', '5 the last owner', '130 cancelled'],
  });
}

async function remove(person: string, options: RemoveOptions, context: CommandContext): Promise<undefined> {
  refuseUnasked(options, 'remove', context);
  const { argv, output } = context;
  const session = await context.session();
  const team = await chosenTeam(options.team, session, argv);
  const { personId, email, role } = await chosenMember(person, team, session);
  const question = `Remove ${email}, ${role}, from ${team.name}? They reach nothing of it from then on.`;
  await confirmed(options, visible(question), 'nobody was removed', context);
  await session.people.remove(team.id, personId);
  if (output.isJson) output.document({ personId, email, teamId: team.id });
  else output.line(visible(`Removed ${email} from ${team.name}`));
}
