import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { type EnvFileRefusal, refuse, systemErrorCode } from './refusal.ts';

/** A file as it was at one moment, or the fact that there was none. */
export type Snapshot =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly contents: Buffer; readonly stats: Stats };

const MAX_BYTES = 1024 * 1024;
const OTHER_FILE = 'name another file with --env-file=<path>.';

/** Reads a regular file of at most 1 MiB that has one name only. Follows no link, and never waits for a FIFO or a device. */
export function takeSnapshot(path: string, shownPath: string): Snapshot | EnvFileRefusal {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { kind: 'absent' };
    // Opening a device may already have an effect, so its kind is looked at before.
    return checkStats(stats, shownPath) ?? readSnapshot(path, shownPath);
  } catch (error) {
    return refuse('unreadable', `${shownPath} cannot be read (${systemErrorCode(error)}).`, OTHER_FILE);
  }
}

/** True when nothing that matters to a replacement has happened between the two. */
export function isSameSnapshot(one: Snapshot, other: Snapshot): boolean {
  if (one.kind === 'absent' || other.kind === 'absent') return one.kind === other.kind;
  const properties = ['dev', 'ino', 'mode', 'uid', 'gid'] as const;
  return (
    one.contents.equals(other.contents) && properties.every((property) => one.stats[property] === other.stats[property])
  );
}

function readSnapshot(path: string, shownPath: string): Snapshot | EnvFileRefusal {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    return checkStats(stats, shownPath) ?? { kind: 'file', contents: readFileSync(descriptor), stats };
  } finally {
    closeSync(descriptor);
  }
}

function checkStats(stats: Stats, shownPath: string): EnvFileRefusal | undefined {
  if (stats.isDirectory()) return refuse('directory', `${shownPath} is a directory.`, OTHER_FILE);
  if (!stats.isFile()) return refuse('not-a-regular-file', `${shownPath} is not a regular file.`, OTHER_FILE);
  if (stats.size > MAX_BYTES) return refuse('too-large', `${shownPath} is larger than 1 MiB.`, OTHER_FILE);
  if (stats.nlink > 1) {
    const what = `${shownPath} has ${stats.nlink} hard links, and only one of them would change.`;
    return refuse('hard-linked', what, OTHER_FILE);
  }
  return undefined;
}
