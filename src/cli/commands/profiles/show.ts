import type { Command } from 'commander';
import { isoTime, isoTimeOrNull } from '../../../api/bounds.ts';
import { profileJson } from '../../../api/profiles.ts';
import type { ProfileSummary } from '../../../core/profile-service.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { type Fact, printFacts } from '../../facts.ts';
import type { Environ } from '../../io.ts';
import type { Output } from '../../output.ts';
import { resolveProfile } from '../../profile-id.ts';
import { planLabel, profileLabel, profileStatus, profileStatusColour } from '../../profile-label.ts';
import { localTime } from '../../relative-time.ts';
import { swatch } from '../../swatch.ts';
import { visible } from '../../visible-text.ts';

/** `outkit profiles show` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Shows a profile with its design tokens.')
    .argument('[profileId]', 'id of the profile, or the start of it (default: the active one)')
    .action((profileId: string | undefined) => launch((context) => show(profileId, context)));
  addHelp(command, {
    examples: ['outkit profiles show', 'outkit profiles show prof_7hq3m2xk9tqw4bnz --json'],
    output: [
      'terminal  plan, status and tokens, colours beside their values',
      'pipe      field and value separated by a tab, then token and value, times in ISO 8601',
      '--json    {id, name, plan, design, createdAt, archivedAt, inUse, …}',
    ],
    exitCodes: ['3 no such profile'],
  });
}

async function show(text: string | undefined, { argv, io, output, session }: CommandContext): Promise<undefined> {
  const opened = await session();
  const { config, profileId } = opened;
  const id = text ?? (await profileId(undefined));
  const profile = await resolveProfile(id, opened, { argv, wholeId: false });
  const status = profileStatus(profile, config);
  if (output.isJson) output.document({ ...profileJson(profile), inUse: profile.id === config?.profile });
  else if (output.isTerminal) printForPeople(profile, status, io.env, output);
  else for (const [field, value] of fieldsOf(profile, status)) output.line(`${field}\t${value}`);
}

function printForPeople(profile: ProfileSummary, status: string, env: Environ, output: Output): void {
  const { colours } = output;
  output.line(`${colours.bold(profileLabel(profile))}  ${profileStatusColour(status, colours)}`);
  const facts: Fact[] = [
    ['Plan', planLabel(profile.plan)],
    ['Created', localTime(profile.createdAt)],
  ];
  if (profile.archivedAt !== null) facts.push(['Archived', localTime(profile.archivedAt)]);
  printFacts(facts, output);
  const tokens = tokensOf(profile);
  if (tokens.length === 0) return;
  const trueColour = /^(?:truecolor|24bit)$/.test(env['COLORTERM'] ?? '');
  output.line('\nDesign');
  const shown = tokens.map(([name, value]): Fact => {
    const patch = colours.isColorSupported ? swatch(value, trueColour) : null;
    return [name, patch === null ? value : `${patch} ${value}`];
  });
  printFacts(shown, output);
}

function fieldsOf(profile: ProfileSummary, status: string): readonly Fact[] {
  return [
    ['id', visible(profile.id)],
    ['name', visible(profile.name)],
    ['plan', profile.plan],
    ['status', status],
    ['createdAt', isoTime(profile.createdAt)],
    ['archivedAt', isoTimeOrNull(profile.archivedAt) ?? 'never'],
    ...tokensOf(profile),
  ];
}

function tokensOf({ design }: ProfileSummary): readonly Fact[] {
  return Object.entries(design).map(([name, value]): Fact => [visible(name), visible(value)]);
}
