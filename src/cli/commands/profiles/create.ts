import { type Command, Option } from 'commander';
import { profileJson } from '../../../api/profiles.ts';
import { OutkitError } from '../../../core/errors.ts';
import { NAME_RULE } from '../../../core/key-name.ts';
import type { Plan } from '../../../core/profile.ts';
import { changedDesign } from '../../../core/profile-change.ts';
import type { ProfileSummary } from '../../../core/profile-service.ts';
import { writeActiveProfile } from '../../active-profile.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { addDesignFlags, type DesignFlags, designChange } from '../../design-flags.ts';
import { printFacts } from '../../facts.ts';
import { newName } from '../../name-flag.ts';
import { planLabel } from '../../profile-label.ts';
import type { Session } from '../../session.ts';
import { addTeamFlag, type TeamFlag, teamIdOf } from '../../team-choice.ts';
import { visible } from '../../visible-text.ts';

interface CreateOptions extends DesignFlags, TeamFlag {
  readonly name?: string;
  readonly plan: Plan;
  readonly use?: boolean;
}

/** `outkit profiles create` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Creates a profile: design tokens and a plan, to which keys are bound.')
    .option('-n, --name <name>', `name of the profile: ${NAME_RULE}`)
    .addOption(
      new Option('--plan <plan>', 'limit of each key, and components in an answer')
        .choices(['free', 'pro'])
        .default('free'),
    );
  addTeamFlag(addDesignFlags(command))
    .option('--use', 'also make it the active one, in outkit.json')
    .action((options: CreateOptions) => launch((context) => create(options, context)));
  addHelp(command, {
    examples: [
      'outkit profiles create -n Web --set --outkit-primary=#b30069 --use',
      'ID=$(outkit profiles create -n Mail --plan pro)',
    ],
    output: [
      'terminal  name, id, plan and number of tokens',
      'pipe      the id and nothing else',
      '--json    {id, name, plan, design, createdAt, archivedAt, …}',
    ],
    exitCodes: ['3 no such team', '130 cancelled'],
  });
}

async function create(options: CreateOptions, context: CommandContext): Promise<undefined> {
  const { io, output } = context;
  const design = changedDesign({}, await designChange(options, io));
  const name = await newName(options.name, 'profile', context);
  const session = await context.session();
  const teamId = await teamIdOf(options.team, session, context.argv);
  const created = await session.profiles.create({ name, plan: options.plan, design }, teamId);
  print(created, context);
  if (options.use === true) output.note(`${visible(await use(created, session, context))} names it now`);
}

/** The profile is there by now, whatever becomes of the file. */
async function use({ id }: ProfileSummary, { config }: Session, { io }: CommandContext): Promise<string> {
  try {
    return await writeActiveProfile(id, config, io);
  } catch (error) {
    if (!(error instanceof OutkitError)) throw error;
    throw new OutkitError(error.code, `${error.message}. The profile stands`, `outkit profiles use ${id}`);
  }
}

function print(profile: ProfileSummary, { output }: CommandContext): void {
  if (output.isJson) {
    output.document(profileJson(profile));
    return;
  }
  if (!output.isTerminal) {
    output.line(visible(profile.id));
    return;
  }
  output.line(output.colours.bold(`Created ${visible(profile.name)}`));
  printFacts(
    [
      ['Id', visible(profile.id)],
      ['Plan', planLabel(profile.plan)],
      ['Tokens', String(Object.keys(profile.design).length)],
    ],
    output,
  );
}
