import type { Command } from 'commander';
import { changedJson } from '../../../api/key-answers.ts';
import { OutkitError } from '../../../core/errors.ts';
import type { KeySummary } from '../../../core/key-service.ts';
import type { KeyUpdate } from '../../../core/key-update.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { commandLine } from '../../command-line.ts';
import { parseExpiry } from '../../expiry.ts';
import { inForce } from '../../gateway-label.ts';
import { resolveKey } from '../../key-id.ts';
import { keyLabel } from '../../key-label.ts';
import { parseRateLimit } from '../../rate-limit-flag.ts';
import { localTime } from '../../relative-time.ts';
import { withNextCommand } from './rotation-hint.ts';

interface UpdateOptions {
  readonly expires?: string;
  readonly rateLimit?: string;
}

const NO_END = 'never';
const LIMIT_OF_PLAN = 'plan';

/** `outkit keys update` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Changes when a key ends and how often it may ask. When the command returns, every gateway knows.')
    .argument('<keyId>', 'id of the key, or the start of it')
    .option('--expires <when>', `another end: a duration from now such as 90d, a date, or ${NO_END}`)
    .option('--rate-limit <n>', `requests a minute, or ${LIMIT_OF_PLAN} for that of the plan`)
    .action((keyId: string, options: UpdateOptions) => launch((context) => update(keyId, options, context)));
  addHelp(command, {
    examples: [
      'outkit keys update key_7hq3m2xk9tqw4bnz --expires 90d',
      'outkit keys update key_7hq3m2xk9tqw4bnz --rate-limit 500 --expires never',
    ],
    output: [
      'text    limit and end as they are now, where that is in force, and after how long',
      '--json  {id, name, expiresAt, rateLimitPerMinute, …, gateways: {confirmed, waitedOut, ms}}',
      'A key that has ended stays so: outkit keys create. To end one now: outkit keys revoke.',
    ],
    exitCodes: ['3 no such key', '5 the key is revoked or expired'],
  });
}

async function update(keyId: string, options: UpdateOptions, context: CommandContext): Promise<undefined> {
  const { argv, interactive, io, output } = context;
  const change = changeOf(options, io.now(), argv);
  const session = await context.session();
  const key = await resolveKey(keyId, session, { argv, wholeId: !interactive });
  const changed = await session.keys.update(key.id, change).catch((error: unknown) => {
    throw withNextCommand(error, key);
  });
  if (output.isJson) output.document(changedJson(changed));
  else output.line(`Updated ${keyLabel(changed)}: ${termsOf(changed)}; ${inForce(changed.gateways)}`);
}

function changeOf({ expires, rateLimit }: UpdateOptions, now: number, argv: readonly string[]): KeyUpdate {
  if (expires === undefined && rateLimit === undefined) {
    throw new OutkitError('usage', 'Nothing to change: give a flag', commandLine([...argv, '--expires', '90d']));
  }
  return {
    expiresAt: expires === undefined ? undefined : expires === NO_END ? null : parseExpiry(expires, now, argv),
    rateLimitPerMinute:
      rateLimit === undefined
        ? undefined
        : rateLimit === LIMIT_OF_PLAN
          ? null
          : parseRateLimit(rateLimit, argv, `, or ${LIMIT_OF_PLAN}`),
  };
}

/** `500 requests a minute, expires 2027-01-31 00:00`, both as they are now, changed or not. */
function termsOf({ rateLimitPerMinute, expiresAt }: KeySummary): string {
  const limit = rateLimitPerMinute === null ? 'limit of the plan' : `${rateLimitPerMinute} requests a minute`;
  return `${limit}, ${expiresAt === null ? 'no end' : `expires ${localTime(expiresAt)}`}`;
}
