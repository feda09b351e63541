import { DEFAULT_WINDOW_MS } from '../../../api/key-requests.ts';
import { MINUTE_MS } from '../../../core/clock.ts';
import { OutkitError } from '../../../core/errors.ts';
import type { CreatedKey, KeyService, KeySummary } from '../../../core/key-service.ts';
import type { SecretHash } from '../../../core/secret-hash.ts';
import type { CommandContext } from '../../command.ts';
import { commandLine } from '../../command-line.ts';
import { type DeliveryFlags, deliver, type KeySheet } from '../../delivery.ts';
import { formatDuration } from '../../duration.ts';
import { planEnvFile } from '../../env-file-plan.ts';
import { callerLabel, keyLabel } from '../../key-label.ts';
import { newSecret, type Repair, sendTwice } from '../../new-secret.ts';
import { localTime } from '../../relative-time.ts';
import type { Session } from '../../session.ts';
import { visible } from '../../visible-text.ts';
import { withNextCommand } from './rotation-hint.ts';

/** A rotation that mints a secret. */
export interface MintingRotation {
  readonly graceMs: number;
  readonly replaceNew: boolean;
}

/** The old secret outlives an unseen new one for this long at most: until that is safely in the env file. */
const UNSEEN_GRACE_MS = 5 * MINUTE_MS;

/** Mints a secret for the key and gives it to the person. Asks before a secret that is in use ends at once, unless `yes`. */
export async function replaceSecret(
  key: KeySummary,
  rotation: MintingRotation,
  flags: DeliveryFlags,
  yes: boolean,
  session: Session,
  context: CommandContext,
): Promise<void> {
  const { keys, config } = session;
  if (!yes) await confirmEnd(key, rotation, keys, context);
  const isSecretOfThisKey = (hash: SecretHash) => isSecretOf(key.id, hash, keys);
  const envFile = await planEnvFile({ flags, config, isSecretOfThisKey }, context);
  const { plaintext, minted } = newSecret(key.environment, context.io);
  const endsLater = rotation.graceMs === 0 && flags.show === false;
  const graceMs = endsLater ? UNSEEN_GRACE_MS : rotation.graceMs;
  const created = await rotate(key, { ...rotation, graceMs, secret: minted }, keys);
  const undo = {
    run: () => keys.cancelRotation(key.id),
    done: 'Nobody holds the new key, so the rotation was cancelled: the old key is current again',
    command: `outkit keys rotate ${key.id} --cancel`,
  };
  const sheet = (rotated: KeySummary) => sheetOf(rotated, rotation);
  const delivery = { created, plaintext, flags, envFile, sheet, undo };
  await deliver(endsLater ? { ...delivery, settle: () => endOld(key.id, keys) } : delivery, context);
}

async function rotate(
  key: KeySummary,
  request: Parameters<KeyService['rotate']>[1],
  keys: KeyService,
): Promise<CreatedKey> {
  const command = `outkit keys rotate ${key.id}`;
  try {
    return await sendTwice(() => keys.rotate(key.id, request), repairOf(request, command));
  } catch (error) {
    throw withNextCommand(error, key);
  }
}

/** Without a grace window there is nothing to cancel: a further rotation ends what nobody holds, whether it is there or not. */
function repairOf({ graceMs, replaceNew }: MintingRotation, command: string): Repair {
  if (graceMs === 0 && !replaceNew) return { command: `${command} --grace 0 -y`, what: 'rotate once more' };
  return { command: `${command} --cancel`, what: 'cancel the rotation' };
}

/** The new secret is in the env file by now: whatever fails here, nobody is locked out. */
async function endOld(keyId: string, keys: KeyService): Promise<KeySummary> {
  try {
    return await keys.endGrace(keyId);
  } catch (error) {
    if (!(error instanceof OutkitError)) throw error;
    const message = `The new key is written, but the old one is accepted for ${formatDuration(UNSEEN_GRACE_MS)} more: ${error.message}`;
    throw new OutkitError(error.code, message, `outkit keys rotate ${keyId} --end-grace -y`);
  }
}

async function isSecretOf(keyId: string, hash: SecretHash, keys: KeyService): Promise<boolean> {
  try {
    const found = await keys.findByHash(hash);
    return found.key.id === keyId && found.secret !== 'ended';
  } catch (error) {
    if (error instanceof OutkitError && error.code === 'not_found') return false;
    throw error;
  }
}

/** With no grace the current secret ends at once, and with `replaceNew` the one that was lost: is somebody using it? */
async function confirmEnd(
  key: KeySummary,
  { graceMs, replaceNew }: MintingRotation,
  keys: KeyService,
  { io, interactive, argv }: CommandContext,
): Promise<void> {
  if (!replaceNew && (graceMs !== 0 || key.status !== 'active')) return;
  const { currentSecret } = await keys.stats(key.id, DEFAULT_WINDOW_MS);
  const { lastUse } = currentSecret;
  if (replaceNew && lastUse === null) return;
  const use = lastUse === null ? 'nobody has used it' : `last used ${callerLabel(lastUse, io.now())}`;
  const which = replaceNew ? 'The new secret, which ends at once, was not lost' : 'The secret in use ends at once';
  if (!interactive) {
    throw new OutkitError(
      'needs_terminal',
      `Refusing without confirmation. ${which}: ${use}. Re-run with -y.`,
      commandLine([...argv, '-y']),
    );
  }
  const { confirm } = await io.openPrompts();
  if (await confirm(`${which}: ${use}. Rotate ${keyLabel(key)}?`, false)) return;
  throw new OutkitError('cancelled', 'Cancelled: nothing was rotated');
}

function sheetOf(key: KeySummary, { graceMs, replaceNew }: MintingRotation): KeySheet {
  const facts = [
    ['Id', visible(key.id)],
    ['Profile', visible(key.profileId)],
    ['Environment', key.environment],
  ] as const;
  const end = key.previousSecret?.acceptedUntil;
  const span = replaceNew ? 'as before' : formatDuration(graceMs);
  const footer =
    end === undefined ? 'old key refused from now on' : `old key accepted until ${localTime(end)} (${span})`;
  return { title: `Rotated ${visible(key.name)}`, facts, footer };
}
