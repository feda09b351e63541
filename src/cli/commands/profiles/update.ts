import { type Command, Option } from 'commander';
import { changedProfileJson } from '../../../api/profiles.ts';
import { OutkitError } from '../../../core/errors.ts';
import { NAME_RULE } from '../../../core/key-name.ts';
import type { Plan } from '../../../core/profile.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { commandLine } from '../../command-line.ts';
import { addDesignFlags, another, type DesignFlags, designChange } from '../../design-flags.ts';
import { inForce } from '../../gateway-label.ts';
import { checkedName } from '../../name-flag.ts';
import { resolveProfile } from '../../profile-id.ts';
import { profileLabel } from '../../profile-label.ts';

interface UpdateOptions extends DesignFlags {
  readonly name?: string;
  readonly plan?: Plan;
}

/** `outkit profiles update` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Changes a profile. When the command returns, every key of it has the new plan and design.')
    .argument('<profileId>', 'id of the profile, or the start of it')
    .option('-n, --name <name>', `another name: ${NAME_RULE}`)
    .addOption(new Option('--plan <plan>', 'another plan').choices(['free', 'pro']));
  addDesignFlags(command)
    .option('--unset <token>', 'take a token away, such as --unset --outkit-radius; again for more', another)
    .action((id: string, options: UpdateOptions) => launch((context) => update(id, options, context)));
  addHelp(command, {
    examples: [
      'outkit profiles update prof_7hq3m2xk9tqw4bnz --plan pro',
      'outkit profiles update prof_7hq3m2xk9tqw4bnz --set --outkit-radius=4px',
    ],
    output: [
      'text    where the change is in force, and after how long',
      '--json  {id, name, plan, design, createdAt, archivedAt, gateways: {confirmed, waitedOut, ms}}',
      'A design file replaces all tokens; --set and --unset change single ones after it.',
    ],
    exitCodes: ['3 no such profile', '5 the profile is archived'],
  });
}

async function update(text: string, options: UpdateOptions, context: CommandContext): Promise<undefined> {
  const { argv, io, interactive, output } = context;
  if (Object.keys(options).length === 0) {
    throw new OutkitError('usage', 'Nothing to change: give a flag', commandLine([...argv, '--plan', 'pro']));
  }
  const name = options.name === undefined ? null : checkedName(options.name, '-n Web');
  const change = { ...(await designChange(options, io)), name, plan: options.plan ?? null };
  const session = await context.session();
  const profile = await resolveProfile(text, session, { argv, wholeId: !interactive });
  const changed = await session.profiles.update(profile.id, change);
  const before = { ...(change.design ?? profile.design), ...change.set };
  for (const token of change.unset) if (!(token in before)) output.note(`There was no ${token} to take away`);
  if (output.isJson) output.document(changedProfileJson(changed));
  else output.line(`Updated ${profileLabel(changed)}: ${inForce(changed.gateways)}`);
}
