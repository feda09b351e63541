import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Location } from './location.ts';
import { type EnvFileRefusal, refuse, refuseWriteError, systemErrorCode } from './refusal.ts';
import { isSameSnapshot, type Snapshot, takeSnapshot } from './snapshot.ts';
import { type InterruptingSignal, type OnSignal, type WorkspaceOutcome, withWorkspace } from './workspace.ts';

/** New contents for a file, and what the file must still be when they take its place. */
export interface Replacement {
  readonly location: Pick<Location, 'directory' | 'path' | 'shownPath'>;
  readonly expected: Snapshot;
  readonly contents: Buffer;
  /** The mode of a file that is not there yet; one that is keeps its own. */
  readonly newFileMode: number;
}

const TEMPORARY_MODE = 0o600;
const FOR_WRITING = constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const PERMISSION_BITS = 0o7777;

/**
 * Does all of a replacement except for its last step: writes the contents beside the file with its mode and owner, and
 * removes them again. Finds before a key is minted what would fail after it: rights, a read-only or full disk, another owner.
 */
export async function rehearseReplacement(
  replacement: Replacement,
  onSignal: OnSignal,
): Promise<'done' | EnvFileRefusal> {
  const outcome = await inWorkspace(replacement, onSignal, (temporaryPath) =>
    writeTemporary(replacement, temporaryPath),
  );
  if (outcome.signal !== undefined) return refuseInterrupted(outcome.signal);
  return outcome.result;
}

/**
 * Replaces the file in one step: a reader finds the old contents or the new ones, never a part. Refuses when the file is no
 * longer what was expected. A signal that comes when the new contents are in place is dropped.
 */
export async function replaceFile(replacement: Replacement, onSignal: OnSignal): Promise<'done' | EnvFileRefusal> {
  const { location, expected } = replacement;
  const outcome = await inWorkspace(replacement, onSignal, (temporaryPath) => {
    const written = writeTemporary(replacement, temporaryPath);
    if (written !== 'done') return written;
    const current = takeSnapshot(location.path, location.shownPath);
    if (current.kind === 'refused' || !isSameSnapshot(current, expected)) {
      const what = `${location.shownPath} was changed by somebody else meanwhile.`;
      return refuse('changed-meanwhile', what, 'run the command again.');
    }
    renameSync(temporaryPath, location.path);
    syncDirectory(location.directory);
    return 'done';
  });
  return outcome.kind === 'interrupted' ? refuseInterrupted(outcome.signal) : outcome.result;
}

type Step = (temporaryPath: string) => 'done' | EnvFileRefusal;

async function inWorkspace(
  { location }: Replacement,
  onSignal: OnSignal,
  step: Step,
): Promise<WorkspaceOutcome<'done' | EnvFileRefusal>> {
  try {
    return await withWorkspace(location.directory, onSignal, (path) => step(join(path, `${randomUUID()}.tmp`)));
  } catch (error) {
    return { kind: 'used', result: refuseWriteError(error, location.shownPath), signal: undefined };
  }
}

function writeTemporary(
  { location, expected, contents, newFileMode }: Replacement,
  temporaryPath: string,
): 'done' | EnvFileRefusal {
  // A rename needs no right to write the file itself, but who made it read-only or immutable meant it.
  if (expected.kind === 'file') closeSync(openSync(location.path, FOR_WRITING));
  const descriptor = openSync(temporaryPath, 'wx', TEMPORARY_MODE);
  try {
    const own = fstatSync(descriptor);
    if (expected.kind === 'file' && expected.stats.uid !== own.uid) {
      const tryThis = 'run the command as the owner of the file, or name another file with --env-file=<path>.';
      return refuse('other-owner', `${location.shownPath} belongs to another user.`, tryThis);
    }
    writeFileSync(descriptor, contents);
    if (expected.kind === 'file' && expected.stats.gid !== own.gid) fchownSync(descriptor, own.uid, expected.stats.gid);
    fchmodSync(descriptor, expected.kind === 'file' ? expected.stats.mode & PERMISSION_BITS : newFileMode);
    fsyncSync(descriptor);
    return 'done';
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes the rename itself durable where the file system can. It has happened by then, so it is no failure where a directory
 * cannot be opened (Windows) or synchronized (some network file systems).
 */
function syncDirectory(directory: string): void {
  try {
    const descriptor = openSync(directory, constants.O_RDONLY);
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    systemErrorCode(error);
  }
}

function refuseInterrupted(signal: InterruptingSignal): EnvFileRefusal {
  return refuse(signal, `Interrupted (${signal}) before the file was written.`, 'run the command again.');
}
