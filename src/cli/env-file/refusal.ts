import { constants } from 'node:os';

/** Why the env file is left as it is. The list is closed, so that a caller can treat each reason on its own. */
export type EnvFileRefusalReason =
  | 'variable-name'
  | 'browser-variable'
  | 'loader-variable'
  | 'invalid-path'
  | 'missing-directory'
  | 'untrusted-link'
  | 'dangling-link'
  | 'outside-project'
  | 'tracked'
  | 'git-unreadable'
  | 'directory'
  | 'not-a-regular-file'
  | 'hard-linked'
  | 'other-owner'
  | 'too-large'
  | 'unreadable'
  | 'not-writable'
  | 'no-space'
  | 'nul-byte'
  | 'lone-bom'
  | 'unbalanced-quote'
  | 'several-lines'
  | 'multi-line-value'
  | 'unsafe-line'
  | 'malformed-secret'
  | 'changed-meanwhile'
  | 'still-not-ignored'
  | 'SIGINT'
  | 'SIGTERM';

/**
 * The file was not changed. `what` and `tryThis` are one line each, name the file and where it helps the line, and never
 * hold a value, old or new.
 */
export interface EnvFileRefusal {
  readonly kind: 'refused';
  readonly reason: EnvFileRefusalReason;
  readonly what: string;
  readonly tryThis: string;
}

export function refuse(reason: EnvFileRefusalReason, what: string, tryThis: string): EnvFileRefusal {
  return { kind: 'refused', reason, what, tryThis };
}

/** The last one is a disk quota that is used up, for which Node has no name. */
const OUT_OF_SPACE = new Set(['ENOSPC', 'EFBIG', `Unknown system error -${constants.errno.EDQUOT}`]);

/** Turns what the file system threw while writing beside `shownPath` into a refusal. Anything else that was thrown is a defect and goes on. */
export function refuseWriteError(error: unknown, shownPath: string): EnvFileRefusal {
  const code = systemErrorCode(error);
  if (OUT_OF_SPACE.has(code)) {
    return refuse(
      'no-space',
      `No space to write ${shownPath} (${code}).`,
      'free some disk space, then run the command again.',
    );
  }
  return refuse(
    'not-writable',
    `${shownPath} cannot be written (${code}).`,
    'check who may write the file and its directory, or name another file with --env-file=<path>.',
  );
}

/** The code of a file-system error such as `ENOENT`. Throws what it was given when that is no such error. */
export function systemErrorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && 'syscall' in error && typeof error.code === 'string')
    return error.code;
  throw error;
}
