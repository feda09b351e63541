import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';

const MAX_BYTES = 4096;
const ROOT = 0;

export type SecretFile =
  | { readonly kind: 'read'; readonly text: string }
  /** `what` follows the name of the setting, and never has the path in it: it could be the secret, put there by mistake. */
  | { readonly kind: 'refused'; readonly what: string };

/**
 * Reads a secret from a file that nobody else can read or replace: of this user or of root, and closed to all others. The line break
 * at its end is no part of the secret. `userId` is `null` where files have no numeric owner.
 */
export function readSecretFile(path: string, userId: number | null): SecretFile {
  let descriptor: number;
  try {
    // Opened without waiting, so that a FIFO cannot hang the start.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refused(
      code === 'ENOENT' ? 'names a file that does not exist' : `names a file that cannot be read (${code})`,
    );
  }
  try {
    const stats = fstatSync(descriptor);
    const what = refusalOf(stats, userId);
    if (what !== null) return refused(what);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(descriptor)).replace(/\r?\n$/, '');
    if (text === '') return refused('names an empty file');
    return /\p{Cc}/u.test(text) ? refused('names a file of more than one line of text') : { kind: 'read', text };
  } catch {
    return refused('names a file that is no text in UTF-8');
  } finally {
    closeSync(descriptor);
  }
}

function refusalOf(stats: Stats, userId: number | null): string | null {
  if (!stats.isFile()) return 'must name a file';
  if (stats.size > MAX_BYTES) return `names a file of more than ${MAX_BYTES} bytes`;
  if (userId === null) return null;
  if (stats.uid !== userId && stats.uid !== ROOT)
    return 'names a file of another user: chown it to the one who runs this';
  return isOpenToOthers(stats) ? 'names a file that other users can read: chmod 600 on it' : null;
}

/** systemd hands credentials over as files of root whose access list names the one reader, and shows that as a bit of the group. */
function isOpenToOthers({ mode, uid, gid }: Stats): boolean {
  const isCredential = uid === ROOT && gid === ROOT && (mode & 0o077) === 0o040;
  return (mode & 0o077) !== 0 && !isCredential;
}

function refused(what: string): SecretFile {
  return { kind: 'refused', what };
}
