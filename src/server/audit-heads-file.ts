import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { type ChainHead, headText } from '../core/audit.ts';

const FILE_MODE = 0o600;
const APPEND =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Appends a line of time, team and head to a file that only its owner can read, and resolves when it is on the disk. The file is opened
 * for each line, so that it can be moved away meanwhile. Rejects for anything but a regular file.
 */
export async function appendAuditHead(path: string, at: number, teamId: string, head: ChainHead): Promise<void> {
  await using file = await open(path, APPEND, FILE_MODE);
  if (!(await file.stat()).isFile()) throw new Error('the file for audit heads is no regular file');
  await file.chmod(FILE_MODE);
  await file.appendFile(`${new Date(at).toISOString()} ${teamId} ${headText(head)}\n`);
  await file.datasync();
}
