import type { Command } from 'commander';
import { teamJson } from '../../../api/people.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { printRows } from '../../rows.ts';

const SHAPE = { header: ['ID', 'NAME', 'ROLE', 'CREATED'], shortened: [[1, 6]] } as const;

/** `outkit teams list` */
export function define(command: Command, launch: Launch): void {
  command.description('Lists the teams that you are in, and your role in each.').action(() => launch(list));
  addHelp(command, {
    examples: ['outkit teams list', 'outkit teams list --json'],
    output: [
      'terminal  a table: ID, NAME, ROLE, CREATED',
      'pipe      the same columns separated by tabs, without header',
      '--json    {"data":[{id, name, createdAt, role}],"hasMore":false}',
    ],
    exitCodes: [],
  });
}

async function list({ io, output, session }: CommandContext): Promise<undefined> {
  const found = await (await session()).teams.list();
  if (output.isJson) {
    output.document({ data: found.map(teamJson), hasMore: false });
    return;
  }
  const rows = found.map(({ id, name, role, createdAt }) => [id, name, role, createdAt]);
  printRows(rows, SHAPE, io.now(), output);
  if (rows.length === 0) output.note('You are in no team. Ask an owner for an invitation');
}
