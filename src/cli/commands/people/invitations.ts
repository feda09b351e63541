import type { Command } from 'commander';
import { invitationJson } from '../../../api/people.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { printRows } from '../../rows.ts';
import { addTeamFlag, chosenTeam, type TeamFlag } from '../../team-choice.ts';

const SHAPE = {
  header: ['EMAIL', 'ROLE', 'INVITED BY', 'EXPIRES', 'ID'],
  shortened: [
    [2, 10],
    [0, 10],
  ],
} as const;

/** `outkit people invitations` */
export function define(command: Command, launch: Launch): void {
  addTeamFlag(command.description('Lists the invitations to a team that can still be accepted.')).action(
    (options: TeamFlag) => launch((context) => list(options, context)),
  );
  addHelp(command, {
    examples: ['outkit people invitations', 'outkit people invitations --team Acme --json'],
    output: [
      'terminal  a table: EMAIL, ROLE, INVITED BY, EXPIRES, ID',
      'pipe      the same columns separated by tabs, without header',
      '--json    {"data":[{id, email, role, invitedBy, createdAt, expiresAt}],"hasMore":false}',
    ],
    exitCodes: ['3 no such team'],
  });
}

async function list(options: TeamFlag, { io, argv, output, session }: CommandContext): Promise<undefined> {
  const opened = await session();
  const team = await chosenTeam(options.team, opened, argv);
  const invitations = await opened.people.listInvitations(team.id);
  if (output.isJson) {
    output.document({ data: invitations.map(invitationJson), hasMore: false });
    return;
  }
  const rows = invitations.map(({ email, role, invitedBy, expiresAt, id }) => [email, role, invitedBy, expiresAt, id]);
  printRows(rows, SHAPE, io.now(), output);
  if (rows.length === 0) output.note('No invitations. Invite somebody: outkit people invite <email>');
}
