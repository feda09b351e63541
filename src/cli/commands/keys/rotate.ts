import { type Command, Option } from 'commander';
import { MINUTE_MS } from '../../../core/clock.ts';
import { OutkitError } from '../../../core/errors.ts';
import { DEFAULT_GRACE_MS, MAX_GRACE_MS } from '../../../core/rotation.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { commandLine } from '../../command-line.ts';
import { addDeliveryFlags, checkDeliveryFlags, type DeliveryFlags } from '../../delivery.ts';
import { parseDuration } from '../../duration.ts';
import { resolveKey } from '../../key-id.ts';
import { changeGraceWindow, type GraceWindowChange } from './grace-window.ts';
import { type MintingRotation, replaceSecret } from './secret-replacement.ts';

interface RotateOptions extends DeliveryFlags {
  readonly grace?: string;
  readonly endGrace?: boolean;
  readonly extend?: string;
  readonly cancel?: boolean;
  readonly replaceNew?: boolean;
  readonly yes?: boolean;
}

const MINTING_FLAGS = ['replaceNew', 'envFile', 'envName', 'copy', 'show', 'force'];

/** `outkit keys rotate` */
export function define(command: Command, launch: Launch): void {
  const option = (flags: string, description: string, conflicts: string[]) =>
    command.addOption(new Option(flags, description).conflicts(conflicts));
  command
    .description(
      'Replaces the secret of a key. Id, name, profile and counts stay; the old secret is accepted for 24 h more.',
    )
    .argument('<keyId>', 'id of the key, or the start of it');
  option('--grace <span>', 'how long the old secret is accepted: 0 to 7d (default: 24h)', ['replaceNew']);
  option('--end-grace', 'end the grace window now', ['grace', 'extend', 'cancel', ...MINTING_FLAGS]);
  option('--extend <span>', 'move the end of the grace window, to at most 7d after the rotation', [
    'grace',
    'cancel',
    ...MINTING_FLAGS,
  ]);
  option('--cancel', 'undo the rotation: the new secret ends, the old one is current again', [
    'grace',
    ...MINTING_FLAGS,
  ]);
  command.option('--replace-new', 'mint again, because the new secret was lost').option('-y, --yes', 'do not ask');
  addDeliveryFlags(command).action((keyId: string, options: RotateOptions) =>
    launch((context) => rotate(keyId, options, context)),
  );
  addHelp(command, {
    examples: [
      'outkit keys rotate key_7hq3m2xk9tqw4bnz',
      'outkit keys rotate key_7hq3m2xk9tqw4bnz --no-show --env-file',
      'outkit keys rotate key_7hq3m2xk9tqw4bnz --end-grace',
    ],
    output: [
      'terminal  the new key on its own line, and until when the old one is accepted',
      'pipe      the new key and nothing else',
      '--json    {id, name, profileId, environment, start, key, previousSecret, …}; without key after --no-show',
    ],
    exitCodes: ['3 no such key', '5 conflict', '130 cancelled'],
  });
}

async function rotate(keyId: string, options: RotateOptions, context: CommandContext): Promise<undefined> {
  const change = graceWindowChange(options, context.argv);
  const minting = change === null ? mintingRotation(options, context) : null;
  const yes = options.yes === true;
  const endsAtOnce = change?.kind === 'end' || minting?.graceMs === 0;
  if (endsAtOnce && !yes && !context.interactive) {
    throw new OutkitError(
      'needs_terminal',
      'Refusing to end the old secret at once without confirmation. Re-run with -y.',
      commandLine([...context.argv, '-y']),
    );
  }
  const session = await context.session();
  const rule = { argv: context.argv, wholeId: yes || !context.interactive };
  const key = await resolveKey(keyId, session, rule);
  if (change !== null) await changeGraceWindow(key, change, yes, session, context);
  else if (minting !== null) await replaceSecret(key, minting, options, yes, session, context);
}

function graceWindowChange(
  { endGrace, extend, cancel }: RotateOptions,
  argv: readonly string[],
): GraceWindowChange | null {
  if (endGrace === true) return { kind: 'end' };
  if (cancel === true) return { kind: 'cancel' };
  if (extend === undefined) return null;
  const rule = { flag: '--extend', minMs: MINUTE_MS, maxMs: MAX_GRACE_MS, argv };
  return { kind: 'extend', byMs: parseDuration(extend, rule) };
}

function mintingRotation(options: RotateOptions, context: CommandContext): MintingRotation {
  checkDeliveryFlags(options, context);
  const rule = { flag: '--grace', minMs: 0, maxMs: MAX_GRACE_MS, argv: context.argv };
  const graceMs = options.grace === undefined ? DEFAULT_GRACE_MS : parseDuration(options.grace, rule);
  return { graceMs, replaceNew: options.replaceNew === true };
}
