import type { Command } from 'commander';
import { revokedJson } from '../../../api/key-answers.ts';
import { MAX_REASON_LENGTH } from '../../../api/key-requests.ts';
import { OutkitError } from '../../../core/errors.ts';
import type { GatewayReport, KeySummary } from '../../../core/key-service.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { commandLine } from '../../command-line.ts';
import { inForce } from '../../gateway-label.ts';
import { resolveKey } from '../../key-id.ts';
import { keyLabel, lastUseLabel } from '../../key-label.ts';
import { visible } from '../../visible-text.ts';

interface RevokeOptions {
  readonly yes?: boolean;
  readonly reason?: string;
  readonly strict?: boolean;
}

/** `outkit keys revoke` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Ends a key for ever. When the command returns, every gateway refuses it.')
    .argument('<keyId>', 'id of the key, or the start of it')
    .option('-y, --yes', 'do not ask')
    .option('--reason <text>', 'why, for the record')
    .option('--strict', 'fail unless every gateway has confirmed')
    .action((keyId: string, options: RevokeOptions) => launch((context) => revoke(keyId, options, context)));
  addHelp(command, {
    examples: [
      'outkit keys revoke key_7hq3m2xk9tqw4bnz',
      'outkit keys revoke key_7hq3m2xk9tqw4bnz -y --reason "leaked in a log"',
    ],
    output: [
      'text    where it is in force, and after how long',
      '--json  {id, revokedAt, gateways: {confirmed, waitedOut, ms}}',
    ],
    exitCodes: ['3 no such key', '130 cancelled'],
  });
}

async function revoke(keyId: string, options: RevokeOptions, context: CommandContext): Promise<undefined> {
  const { interactive, output } = context;
  const yes = options.yes === true;
  if (!yes && !interactive) {
    throw new OutkitError(
      'needs_terminal',
      'Refusing to revoke without confirmation. Re-run with -y.',
      commandLine([...context.argv, '-y']),
    );
  }
  const reason = reasonOf(options.reason);
  const session = await context.session();
  const key = await resolveKey(keyId, session, { argv: context.argv, wholeId: yes || !interactive });
  const isNew = key.status !== 'revoked';
  if (isNew && !yes) await confirmRevoke(key, context);
  const revoked = await session.keys.revoke(key.id, reason);
  const { gateways } = revoked;
  if (output.isJson) output.document(revokedJson(revoked));
  else output.line(`${isNew ? 'Revoked' : 'Already revoked:'} ${keyLabel(key)}: ${inForce(gateways)}`);
  if (options.strict === true && gateways.waitedOut > 0) {
    throw new OutkitError(
      'unconfirmed',
      `Revoking is committed, but ${gateways.waitedOut} of ${gateways.confirmed + gateways.waitedOut} gateways are unconfirmed${namesOf(gateways)}`,
      `outkit keys revoke ${key.id} -y --strict`,
    );
  }
}

/** `: gateway-3, gateway-7` */
function namesOf({ unconfirmed }: GatewayReport): string {
  return unconfirmed.length === 0 ? '' : `: ${unconfirmed.map(visible).join(', ')}`;
}

async function confirmRevoke(key: KeySummary, { io }: CommandContext): Promise<void> {
  const { confirm } = await io.openPrompts();
  const question = `Revoke ${keyLabel(key)}, ${lastUseLabel(key.lastUsedAt, io.now())}? This cannot be undone.`;
  if (!(await confirm(question, false))) throw new OutkitError('cancelled', 'Cancelled: the key was not revoked');
}

function reasonOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (text.length <= MAX_REASON_LENGTH) return text;
  throw new OutkitError(
    'usage',
    `--reason takes at most ${MAX_REASON_LENGTH} characters`,
    '--reason "leaked in a log"',
  );
}
