import { type Command, Option } from 'commander';
import { ENVIRONMENTS, type Environment } from '../../../core/environment.ts';
import { NAME_RULE } from '../../../core/key-name.ts';
import type { KeySummary } from '../../../core/key-service.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { addDeliveryFlags, checkDeliveryFlags, type DeliveryFlags, deliver, type KeySheet } from '../../delivery.ts';
import { planEnvFile } from '../../env-file-plan.ts';
import { parseExpiry } from '../../expiry.ts';
import { createKey } from '../../key-creation.ts';
import { newName } from '../../name-flag.ts';
import { parseRateLimit } from '../../rate-limit-flag.ts';
import { localTime } from '../../relative-time.ts';
import { visible } from '../../visible-text.ts';

interface CreateOptions extends DeliveryFlags {
  readonly name?: string;
  readonly profile?: string;
  readonly env?: Environment;
  readonly expires?: string;
  readonly rateLimit?: string;
}

/** `outkit keys create` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Creates a key under the active profile and shows it once.')
    .option('-n, --name <name>', `name of the key: ${NAME_RULE}`)
    .option('--profile <id>', 'another profile; the active one stays')
    .addOption(
      new Option('--env <environment>', 'where the key is used (default: of outkit.json, else development)').choices(
        ENVIRONMENTS,
      ),
    )
    .option('--expires <when>', 'end of the key: a duration such as 90d, or a date such as 2027-01-31T00:00:00Z')
    .option('--rate-limit <n>', 'requests a minute (default: that of the plan)');
  addDeliveryFlags(command).action((options: CreateOptions) => launch((context) => create(options, context)));
  addHelp(command, {
    examples: ['outkit keys create -n "dev key"', 'KEY=$(outkit keys create -n ci --env staging --expires 90d)'],
    output: [
      'terminal  name, id, profile, environment, and the key on its own line',
      'pipe      the key and nothing else',
      '--json    {id, name, profileId, environment, start, key, createdAt, …}; without key after --no-show',
    ],
    exitCodes: ['3 no such profile', '5 conflict', '130 cancelled'],
  });
}

async function create(options: CreateOptions, context: CommandContext): Promise<undefined> {
  const { argv, io } = context;
  checkDeliveryFlags(options, context);
  const expiresAt = options.expires === undefined ? null : parseExpiry(options.expires, io.now(), argv);
  const rateLimitPerMinute = options.rateLimit === undefined ? null : parseRateLimit(options.rateLimit, argv);
  const name = await newName(options.name, 'key', context);
  const { keys, config, profileId, inProfile } = await context.session();
  // Before the questions about the env file.
  await profileId(options.profile);
  const environment = options.env ?? config?.environment ?? 'development';
  const envFile = await planEnvFile({ flags: options, config }, context);
  const request = { name, environment, rateLimitPerMinute, expiresAt };
  const created = await inProfile(options.profile, (profile) =>
    createKey({ ...request, profileId: profile }, keys, io),
  );
  await deliver({ ...created, flags: options, envFile, sheet }, context);
}

function sheet(key: KeySummary): KeySheet {
  const facts: [string, string][] = [
    ['Id', visible(key.id)],
    ['Profile', visible(key.profileId)],
    ['Environment', key.environment],
  ];
  if (key.rateLimitPerMinute !== null) facts.push(['Rate limit', `${key.rateLimitPerMinute} a minute`]);
  if (key.expiresAt !== null) facts.push(['Expires', localTime(key.expiresAt)]);
  return { title: `Created ${visible(key.name)}`, facts, footer: null };
}
