import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { type ErrorCode, OutkitError } from '../core/errors.ts';

const MAX_BYTES = 64 * 1024;

/**
 * The text of a file that only its user may read; `null` when there is none. Follows no link and waits for no FIFO. Throws `code` for a
 * file that another user owns or can read: it would hand us to another server, or a credential to them.
 */
export async function readPrivateFile(path: string, userId: number | null, code: ErrorCode): Promise<string | null> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  await using file = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    if (error.code === 'ELOOP') throw new OutkitError(code, `${path} is a link, and no link is followed there`);
    throw new OutkitError(code, `${path} cannot be read: ${error.code}`);
  });
  if (file === null) return null;
  const stats = await file.stat();
  if (!stats.isFile() || stats.size > MAX_BYTES) throw new OutkitError(code, `${path} is not the file it should be`);
  if (isOpenToOthers(stats, userId)) {
    throw new OutkitError(code, `${path} belongs to or can be read by other users`, `chmod 600 ${path}`);
  }
  return await file.readFile('utf8');
}

/** True for a file or directory that belongs to somebody else, or that others may read or write. `userId` is `null` where files have no numeric owner. */
export function isOpenToOthers({ uid, mode }: Pick<Stats, 'uid' | 'mode'>, userId: number | null): boolean {
  return userId !== null && (uid !== userId || (mode & 0o077) !== 0);
}
