import type { Command } from 'commander';
import { sessionJson } from '../../../api/people.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { printRows } from '../../rows.ts';

const SHAPE = {
  header: ['ID', 'PROGRAM', 'ADDRESS', 'USED', 'ENDS', ''],
  shortened: [
    [1, 7],
    [2, 7],
  ],
} as const;

/** `outkit sessions list` */
export function define(command: Command, launch: Launch): void {
  command.description('Lists where you are signed in, newest first.').action(() => launch(list));
  addHelp(command, {
    examples: ['outkit sessions list', 'outkit sessions list --json'],
    output: [
      'terminal  a table: ID, PROGRAM, ADDRESS, USED, ENDS, and which one is that of this command',
      'pipe      the same columns separated by tabs, without header',
      '--json    {"data":[{id, createdAt, usedAt, expiresAt, ip, agent, isCurrent}],"hasMore":false}',
    ],
    exitCodes: [],
  });
}

async function list({ io, output, session }: CommandContext): Promise<undefined> {
  const found = await (await session()).me.listSessions();
  if (output.isJson) {
    output.document({ data: found.map(sessionJson), hasMore: false });
    return;
  }
  const rows = found.map(({ id, agent, ip, usedAt, expiresAt, isCurrent }) => [
    id,
    agent,
    ip,
    usedAt,
    expiresAt,
    isCurrent ? 'this one' : '',
  ]);
  printRows(rows, SHAPE, io.now(), output);
}
