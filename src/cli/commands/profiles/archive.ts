import type { Command } from 'commander';
import { archivedProfileJson } from '../../../api/profiles.ts';
import { collectKeys } from '../../../client/key-pages.ts';
import { OutkitError } from '../../../core/errors.ts';
import type { ProfileSummary } from '../../../core/profile-service.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { commandLine } from '../../command-line.ts';
import { inForce } from '../../gateway-label.ts';
import { lastUseLabel } from '../../key-label.ts';
import { resolveProfile } from '../../profile-id.ts';
import { profileLabel } from '../../profile-label.ts';
import type { Session } from '../../session.ts';

interface ArchiveOptions {
  readonly yes?: boolean;
}

/** The question counts up to here; whoever has more keys than this knows that they are many. */
const COUNTED_KEYS = 1000;

/** `outkit profiles archive` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Ends a profile for ever. When the command returns, every gateway refuses all its keys.')
    .argument('<profileId>', 'id of the profile, or the start of it')
    .option('-y, --yes', 'do not ask')
    .action((profileId: string, options: ArchiveOptions) => launch((context) => archive(profileId, options, context)));
  addHelp(command, {
    examples: [
      'outkit profiles archive prof_7hq3m2xk9tqw4bnz',
      'outkit profiles archive prof_7hq3m2xk9tqw4bnz -y --json',
    ],
    output: [
      'text    where it is in force, and after how long',
      '--json  {id, archivedAt, gateways: {confirmed, waitedOut, ms}}',
    ],
    exitCodes: ['3 no such profile', '130 cancelled'],
  });
}

async function archive(text: string, options: ArchiveOptions, context: CommandContext): Promise<undefined> {
  const { argv, interactive, output } = context;
  const yes = options.yes === true;
  if (!yes && !interactive) {
    const what = 'Refusing to archive without confirmation. Re-run with -y.';
    throw new OutkitError('needs_terminal', what, commandLine([...argv, '-y']));
  }
  const session = await context.session();
  const profile = await resolveProfile(text, session, { argv, wholeId: yes || !interactive });
  const isNew = profile.archivedAt === null;
  if (isNew && !yes) await confirmArchive(profile, session, context);
  const archived = await session.profiles.archive(profile.id);
  if (output.isJson) output.document(archivedProfileJson(archived));
  else
    output.line(`${isNew ? 'Archived' : 'Already archived:'} ${profileLabel(profile)}: ${inForce(archived.gateways)}`);
  if (profile.id === session.config?.profile) {
    output.note('outkit.json still names it. Choose another: outkit profiles use <profileId>');
  }
}

async function confirmArchive(profile: ProfileSummary, { keys }: Session, { io }: CommandContext): Promise<void> {
  const { data, hasMore } = await collectKeys(keys, { profileId: profile.id, includeEnded: false }, COUNTED_KEYS);
  const uses = data.flatMap(({ lastUsedAt }) => (lastUsedAt === null ? [] : [lastUsedAt]));
  const lastUse = lastUseLabel(uses.length === 0 ? null : Math.max(...uses), io.now());
  const count = hasMore ? `more than ${data.length}` : String(data.length);
  const what =
    data.length === 0 ? 'no active keys' : `${count} active ${data.length === 1 ? 'key' : 'keys'}, ${lastUse}`;
  const question = `Archive ${profileLabel(profile)} with ${what}? Its keys are refused at once. This cannot be undone.`;
  const { confirm } = await io.openPrompts();
  if (!(await confirm(question, false))) throw new OutkitError('cancelled', 'Cancelled: the profile was not archived');
}
