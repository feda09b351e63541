import { changedJson } from '../../../api/key-answers.ts';
import { DEFAULT_WINDOW_MS } from '../../../api/key-requests.ts';
import { OutkitError } from '../../../core/errors.ts';
import type { ChangedKey, KeyService, KeySummary, PreviousSecretUse } from '../../../core/key-service.ts';
import { maskedStart } from '../../../core/secret.ts';
import type { CommandContext } from '../../command.ts';
import { formatDuration } from '../../duration.ts';
import { inForce } from '../../gateway-label.ts';
import { callerLabel, keyLabel } from '../../key-label.ts';
import { localTime } from '../../relative-time.ts';
import { visible } from '../../visible-text.ts';
import { withNextCommand } from './rotation-hint.ts';

/** A change of the grace window that mints nothing. */
export type GraceWindowChange =
  | { readonly kind: 'end' }
  | { readonly kind: 'extend'; readonly byMs: number }
  | { readonly kind: 'cancel' };

/** Applies the change and reports it. Ending asks first, unless `yes`. */
export async function changeGraceWindow(
  key: KeySummary,
  change: GraceWindowChange,
  yes: boolean,
  { keys }: { readonly keys: KeyService },
  context: CommandContext,
): Promise<void> {
  if (change.kind === 'end' && !yes && key.previousSecret !== null) await confirmEnd(key, keys, context);
  const changed = await apply(key, change, keys);
  if (context.output.isJson) context.output.document(changedJson(changed));
  else context.output.line(`${keyLabel(changed)}: ${outcome(changed, change)}; ${inForce(changed.gateways)}`);
}

async function apply(key: KeySummary, change: GraceWindowChange, keys: KeyService): Promise<ChangedKey> {
  try {
    if (change.kind === 'end') return await keys.endGrace(key.id);
    return await (change.kind === 'extend' ? keys.extendGrace(key.id, change.byMs) : keys.cancelRotation(key.id));
  } catch (error) {
    throw withNextCommand(error, key);
  }
}

function outcome({ previousSecret, start }: KeySummary, change: GraceWindowChange): string {
  if (change.kind === 'end') return 'old key refused from now on';
  if (change.kind === 'cancel') return `rotation cancelled, ${maskedStart(visible(start))} is current again`;
  const until = previousSecret === null ? 'now' : localTime(previousSecret.acceptedUntil);
  return `old key accepted until ${until} (${formatDuration(change.byMs)} more)`;
}

async function confirmEnd(key: KeySummary, keys: KeyService, { io }: CommandContext): Promise<void> {
  const { previousSecret: old } = await keys.stats(key.id, DEFAULT_WINDOW_MS);
  const question = `End the old secret of ${keyLabel(key)} now? Since the rotation: ${useOf(old, io.now())}.`;
  const { confirm } = await io.openPrompts();
  if (!(await confirm(question, false))) throw new OutkitError('cancelled', 'Cancelled: the grace window stays');
}

function useOf(old: PreviousSecretUse | null, now: number): string {
  if (old === null || old.lastUse === null) return 'nobody has used it';
  const requests = old.answered === 1 ? '1 request' : `${old.answered} requests`;
  const share = `${Math.round((old.share ?? 0) * 100)} % of the traffic`;
  return `${requests} (${share}), last used ${callerLabel(old.lastUse, now)}`;
}
