import { type FileHandle, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as v from 'valibot';
import { isServerUrl } from '../../client/server-url.ts';
import { SESSION_CREDENTIAL_PATTERN } from '../../core/accounts.ts';
import { OutkitError } from '../../core/errors.ts';
import { shellWord } from '../command-line.ts';
import type { Io } from '../io.ts';
import { isOpenToOthers, readPrivateFile } from '../private-file.ts';

export type FileIo = Pick<Io, 'env' | 'home' | 'userId'>;

/** Origin of a server -> its credential; `null` when the keychain has it. */
export type KeptCredentials = ReadonlyMap<string, string | null>;

const FILE_NAME = 'credentials.json';
const MAX_TRIES = 40;
const RETRY_MS = 50;

const contents = v.strictObject({
  servers: v.record(
    v.pipe(v.string(), v.check(isOrigin)),
    v.strictObject({ credential: v.nullable(v.pipe(v.string(), v.regex(SESSION_CREDENTIAL_PATTERN))) }),
  ),
});

/** `credentials.json` in `$XDG_CONFIG_HOME/outkit`, else in `~/.config/outkit`. */
export function credentialFilePath(io: FileIo): string {
  return join(directoryOf(io), FILE_NAME);
}

/** What the file holds; nothing when there is none. Throws `credential_store` for a file or directory that others can get at. */
export async function readCredentialFile(io: FileIo): Promise<KeptCredentials> {
  await refuseSharedDirectory(io);
  const path = credentialFilePath(io);
  const text = await readPrivateFile(path, io.userId, 'credential_store');
  if (text === null) return new Map();
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), contents), text);
  if (read.success) {
    return new Map(Object.entries(read.output.servers).map(([server, { credential }]) => [server, credential]));
  }
  throw refused(`${path} holds no credentials of outkit`, `rm ${shellWord(path)}, then outkit login`);
}

/**
 * Replaces one entry of the file, or removes it with `undefined`, and leaves the others. The file is the old one or the new one at every
 * moment, and two commands at a time cannot lose each other's entries: the temporary file is a lock. Throws `credential_store`.
 */
export async function changeCredentialFile(
  io: FileIo & Pick<Io, 'wait'>,
  server: string,
  kept: string | null | undefined,
): Promise<void> {
  const path = credentialFilePath(io);
  await mkdir(directoryOf(io), { recursive: true, mode: 0o700 }).catch((error) => {
    throw cannotWrite(path, error);
  });
  await refuseSharedDirectory(io);
  const temporary = `${path}.new`;
  await using file = await openAlone(temporary, io);
  try {
    const entries = new Map(await readCredentialFile(io));
    if (kept === undefined) entries.delete(server);
    else entries.set(server, kept);
    await file.writeFile(textOf(entries));
    await file.sync();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error instanceof OutkitError ? error : cannotWrite(path, error);
  }
}

/** Makes a file that only one command at a time can have. One that a killed command left behind is not taken away: it may be in use. */
async function openAlone(path: string, io: Pick<Io, 'wait'>): Promise<FileHandle> {
  for (let tries = 1; ; tries++) {
    try {
      return await open(path, 'wx', 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(path, error);
      if (tries === MAX_TRIES) {
        const what = `Another outkit is writing ${path}, or was killed while it did`;
        throw refused(what, `if no other outkit runs, rm ${shellWord(path)}`);
      }
      await io.wait(RETRY_MS);
    }
  }
}

function textOf(entries: KeptCredentials): string {
  const sorted = [...entries].sort(([left], [right]) => (left < right ? -1 : 1));
  const servers = Object.fromEntries(sorted.map(([server, credential]) => [server, { credential }]));
  return `${JSON.stringify({ servers }, null, 2)}\n`;
}

function isOrigin(text: string): boolean {
  return isServerUrl(text) && new URL(text).origin === text;
}

/** A relative path is no place: the specification of `XDG_CONFIG_HOME` says to ignore it. */
function directoryOf({ env, home }: FileIo): string {
  const chosen = env['XDG_CONFIG_HOME'] ?? '';
  return join(isAbsolute(chosen) ? chosen : join(home, '.config'), 'outkit');
}

/** Whoever can write the directory can put another file into the place of ours. */
async function refuseSharedDirectory(io: FileIo): Promise<void> {
  const path = directoryOf(io);
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw refused(`${path} cannot be read: ${error.code}`);
  });
  if (stats === null) return;
  if (!stats.isDirectory()) throw refused(`${path} is not a directory of its own`);
  if (isOpenToOthers(stats, io.userId)) {
    throw refused(`${path} belongs to or is open to other users`, `chmod 700 ${shellWord(path)}`);
  }
}

function cannotWrite(path: string, error: unknown): OutkitError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return new OutkitError('credential_store', `${path} cannot be written: ${code}`, null, { cause: error });
}

function refused(what: string, hint: string | null = null): OutkitError {
  return new OutkitError('credential_store', what, hint);
}
