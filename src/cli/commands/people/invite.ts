import { type Command, Option } from 'commander';
import * as v from 'valibot';
import { createdInvitationJson, email } from '../../../api/people.ts';
import { ROLES, type Role } from '../../../core/authorization.ts';
import { DAY_MS } from '../../../core/clock.ts';
import { OutkitError } from '../../../core/errors.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { addTeamFlag, chosenTeam, type TeamFlag } from '../../team-choice.ts';
import { visible } from '../../visible-text.ts';

interface InviteOptions extends TeamFlag {
  readonly role: Role;
}

/** `outkit people invite` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Makes a link by which one person comes into a team. An earlier link for the same address ends.')
    .argument('<email>', 'address of the person')
    .addOption(new Option('--role <role>', 'what they may do there').choices(ROLES).default('member'));
  addTeamFlag(command).action((address: string, options: InviteOptions) =>
    launch((context) => invite(address, options, context)),
  );
  addHelp(command, {
    examples: [
      'outkit people invite ben@example.com',
      'LINK=$(outkit people invite ben@example.com --role admin --team Acme)',
    ],
    output: [
      'terminal  whom and where to, and the link alone on its line, once',
      'pipe      the link and nothing else',
      '--json    {id, email, role, invitedBy, createdAt, expiresAt, url, isMailed}',
    ],
    exitCodes: ['3 no such team', '5 in the team already, or it is full'],
  });
}

async function invite(text: string, options: InviteOptions, context: CommandContext): Promise<undefined> {
  const { argv, output } = context;
  const address = v.safeParse(email, text);
  if (!address.success) {
    throw new OutkitError('usage', 'That is no e-mail address', 'outkit people invite ben@example.com');
  }
  const session = await context.session();
  const team = await chosenTeam(options.team, session, argv);
  const created = await session.people.invite(team.id, address.output, options.role);
  if (output.isJson) {
    output.document(createdInvitationJson(created));
    return;
  }
  if (!output.isTerminal) {
    output.line(visible(created.url));
    return;
  }
  const days = Math.round((created.expiresAt - created.createdAt) / DAY_MS);
  output.line(output.colours.bold(visible(`Invited ${created.email} to ${team.name} as ${created.role}`)));
  output.line();
  output.line(visible(created.url));
  output.line();
  output.line(`Shown once; valid ${days} ${days === 1 ? 'day' : 'days'}, for one person. ${wayOf(created.isMailed)}`);
}

function wayOf(isMailed: boolean | null): string {
  if (isMailed === true) return 'It was also sent by mail.';
  return isMailed === false ? 'It could not be sent by mail: pass it on yourself.' : 'Pass it on yourself.';
}
