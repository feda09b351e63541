import { Argument, type Command } from 'commander';
import { memberJson } from '../../../api/people.ts';
import { ROLES, type Role } from '../../../core/authorization.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { confirmed, refuseUnasked, type YesFlag } from '../../confirmation.ts';
import { chosenMember } from '../../member-choice.ts';
import { addTeamFlag, chosenTeam, type TeamFlag } from '../../team-choice.ts';
import { visible } from '../../visible-text.ts';

interface RoleOptions extends TeamFlag, YesFlag {}

/** `outkit people role` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Changes what somebody may do in a team. Asks before it takes something away.')
    .argument('<person>', 'e-mail address or id')
    .addArgument(new Argument('<role>').choices(ROLES))
    .option('-y, --yes', 'do not ask');
  addTeamFlag(command).action((person: string, role: Role, options: RoleOptions) =>
    launch((context) => change(person, role, options, context)),
  );
  addHelp(command, {
    examples: ['outkit people role ben@example.com admin', 'outkit people role person_7hq3m2xk9tqw4bnz member -y'],
    output: ['text    who is what now', '--json  {personId, email, name, role, since}'],
    exitCodes: ['3 no such person or team', '5 the last owner', '130 cancelled'],
  });
}

async function change(person: string, role: Role, options: RoleOptions, context: CommandContext): Promise<undefined> {
  const { argv, output } = context;
  const session = await context.session();
  const team = await chosenTeam(options.team, session, argv);
  const member = await chosenMember(person, team, session);
  if (ROLES.indexOf(role) > ROLES.indexOf(member.role)) {
    refuseUnasked(options, 'take a role away', context);
    const question = visible(
      `Change ${member.email} in ${team.name} from ${member.role} to ${role}? They can do less there from then on.`,
    );
    await confirmed(options, question, 'the role stays', context);
  }
  const changed = await session.people.changeRole(team.id, member.personId, role);
  if (output.isJson) output.document(memberJson(changed));
  else output.line(visible(`${changed.email} is ${changed.role} of ${team.name} now`));
}
