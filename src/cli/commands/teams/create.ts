import type { Command } from 'commander';
import { teamJson } from '../../../api/people.ts';
import { NAME_RULE } from '../../../core/key-name.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { newName } from '../../name-flag.ts';
import { visible } from '../../visible-text.ts';

interface CreateOptions {
  readonly name?: string;
}

/** `outkit teams create` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Creates a team, whose owner you are. Only somebody who owns a team already can.')
    .option('-n, --name <name>', `name of the team: ${NAME_RULE}`)
    .action((options: CreateOptions) => launch((context) => create(options, context)));
  addHelp(command, {
    examples: ['outkit teams create -n Acme', 'TEAM=$(outkit teams create -n Acme)'],
    output: ['terminal  name and id', 'pipe      the id and nothing else', '--json    {id, name, createdAt, role}'],
    exitCodes: [],
  });
}

async function create(options: CreateOptions, context: CommandContext): Promise<undefined> {
  const { output } = context;
  const name = await newName(options.name, 'team', context);
  const created = await (await context.session()).teams.create(name);
  if (output.isJson) output.document(teamJson(created));
  else output.line(visible(output.isTerminal ? `Created ${created.name} (${created.id})` : created.id));
}
