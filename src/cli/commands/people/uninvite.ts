import type { Command } from 'commander';
import { INVITATION_ID_PATTERN } from '../../../core/clock.ts';
import { OutkitError } from '../../../core/errors.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { commandLine } from '../../command-line.ts';
import { addTeamFlag, chosenTeam, type TeamFlag } from '../../team-choice.ts';
import { visible } from '../../visible-text.ts';

/** `outkit people uninvite` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Ends an invitation: its link works no more.')
    .argument('<invitation>', 'e-mail address that was invited, or id of the invitation');
  addTeamFlag(command).action((text: string, options: TeamFlag) =>
    launch((context) => uninvite(text, options, context)),
  );
  addHelp(command, {
    examples: ['outkit people uninvite ben@example.com', 'outkit people uninvite inv_7hq3m2xk9tqw4bnz --json'],
    output: ['text    which invitation has ended', '--json  {id, email, teamId}'],
    exitCodes: ['3 no such invitation or team'],
  });
}

async function uninvite(
  text: string,
  options: TeamFlag,
  { argv, output, session }: CommandContext,
): Promise<undefined> {
  const opened = await session();
  const team = await chosenTeam(options.team, opened, argv);
  const hint = commandLine(['people', 'invitations', '--team', team.id]);
  if (!text.includes('@') && !INVITATION_ID_PATTERN.test(text)) {
    const what = 'Invitations are named by e-mail address or id, such as inv_7hq3m2xk9tqw4bnz';
    throw new OutkitError('usage', what, hint);
  }
  const address = text.toLowerCase();
  const invitations = await opened.people.listInvitations(team.id);
  const found = invitations.find(({ id, email }) => id === text || email === address);
  if (found === undefined) {
    throw new OutkitError('not_found', `There is no open invitation to ${team.name} with that address or id`, hint);
  }
  const { id, email } = found;
  await opened.people.revokeInvitation(team.id, id);
  if (output.isJson) output.document({ id, email, teamId: team.id });
  else output.line(visible(`Ended the invitation of ${email} to ${team.name}`));
}
