import { OutkitError } from '../../../core/errors.ts';
import type { KeySummary } from '../../../core/key-service.ts';
import { commandLine } from '../../command-line.ts';
import { localTime } from '../../relative-time.ts';

/** A refusal of the server to change the key, with the command that leads on from there. Other errors as they are. */
export function withNextCommand(error: unknown, key: KeySummary): unknown {
  if (!(error instanceof OutkitError)) return error;
  const told = (message: string, hint: string) => new OutkitError(error.code, message, hint, { cause: error });
  const rotate = commandLine(['keys', 'rotate', key.id]);
  const end = key.previousSecret?.acceptedUntil;
  const until = end === undefined ? null : localTime(end);
  switch (error.code) {
    case 'no_rotation':
      return told(error.message, rotate);
    case 'key_not_active': {
      const successor = ['-n', key.name, '--profile', key.profileId, '--env', key.environment];
      return told(error.message, commandLine(['keys', 'create', ...successor]));
    }
    case 'grace_too_long':
      return told(
        `${error.message}${until === null ? '' : `; this one ends ${until}`}`,
        commandLine(['keys', 'stats', key.id]),
      );
    case 'rotation_in_progress':
      return told(
        `${key.name} is in a grace window: its old secret is accepted${until === null ? '' : ` until ${until}`}`,
        `if the new key was lost, ${rotate} --replace-new (mints again) or ${rotate} --cancel (back to the old one)`,
      );
    default:
      return error;
  }
}
