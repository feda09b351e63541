import type { Command } from 'commander';
import { profileJson } from '../../../api/profiles.ts';
import { OutkitError } from '../../../core/errors.ts';
import { writeActiveProfile } from '../../active-profile.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { resolveProfile } from '../../profile-id.ts';
import { profileLabel } from '../../profile-label.ts';
import { visible } from '../../visible-text.ts';

/** `outkit profiles use` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Makes a profile the active one: writes it into outkit.json, and changes nothing else there.')
    .argument('<profileId>', 'id of the profile, or the start of it')
    .action((profileId: string) => launch((context) => use(profileId, context)));
  addHelp(command, {
    examples: ['outkit profiles use prof_7hq3m2xk9tqw4bnz', 'outkit profiles use prof_7hq3m2xk9tqw4bnz --json'],
    output: ['text    the profile and the file', '--json  {id, name, plan, design, createdAt, archivedAt, path}'],
    exitCodes: ['3 no such profile', '5 the profile is archived'],
  });
}

async function use(text: string, context: CommandContext): Promise<undefined> {
  const { argv, io, interactive, output } = context;
  const session = await context.session();
  const profile = await resolveProfile(text, session, { argv, wholeId: !interactive });
  if (profile.archivedAt !== null) {
    throw new OutkitError(
      'profile_archived',
      `${profile.name} is archived: its keys are refused`,
      'outkit profiles list',
    );
  }
  const path = await writeActiveProfile(profile.id, session.config, io);
  if (output.isJson) output.document({ ...profileJson(profile), path });
  else output.line(`Using ${profileLabel(profile)}: ${visible(path)} names it`);
}
