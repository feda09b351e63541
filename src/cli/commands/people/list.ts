import type { Command } from 'commander';
import { memberJson } from '../../../api/people.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { printRows } from '../../rows.ts';
import { addTeamFlag, chosenTeam, type TeamFlag } from '../../team-choice.ts';

const SHAPE = {
  header: ['EMAIL', 'NAME', 'ROLE', 'SINCE', 'ID'],
  shortened: [
    [1, 6],
    [0, 10],
  ],
} as const;

/** `outkit people list` */
export function define(command: Command, launch: Launch): void {
  addTeamFlag(command.description('Lists who is in a team, and what they may do there.')).action((options: TeamFlag) =>
    launch((context) => list(options, context)),
  );
  addHelp(command, {
    examples: ['outkit people list', 'outkit people list --team Acme --json'],
    output: [
      'terminal  a table: EMAIL, NAME, ROLE, SINCE, ID',
      'pipe      the same columns separated by tabs, without header',
      '--json    {"data":[{personId, email, name, role, since}],"hasMore":false}',
    ],
    exitCodes: ['3 no such team'],
  });
}

async function list(options: TeamFlag, { io, argv, output, session }: CommandContext): Promise<undefined> {
  const opened = await session();
  const team = await chosenTeam(options.team, opened, argv);
  const members = await opened.people.list(team.id);
  if (output.isJson) {
    output.document({ data: members.map(memberJson), hasMore: false });
    return;
  }
  const rows = members.map(({ email, name, role, since, personId }) => [email, name, role, since, personId]);
  printRows(rows, SHAPE, io.now(), output);
}
