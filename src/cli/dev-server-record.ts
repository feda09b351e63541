import { constants } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { isLoopbackUrl } from '../client/server-url.ts';
import { OutkitError } from '../core/errors.ts';
import type { FillRandom } from '../core/secret.ts';

/** How a running `outkit dev` tells the commands of its project where it is. */
export interface DevServerRecord {
  /** Origin on loopback. */
  readonly url: string;
  readonly pid: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

const RECORD_NAME = 'server.json';
const CREDENTIAL_NAME = 'credential';
const CREDENTIAL_PATTERN = /^okl_[A-Za-z0-9_-]{43}$/;
const MAX_BYTES = 4096;

const record = v.object({
  url: v.pipe(v.string(), v.check(isLoopbackUrl)),
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  startedAt: v.number(),
});

/** Replaces the record. Only the server that has the directory may: it shares a temporary file with itself alone. */
export async function writeDevServerRecord(dataDirectory: string, server: DevServerRecord): Promise<void> {
  await replaceFile(dataDirectory, RECORD_NAME, `${JSON.stringify(server)}\n`);
}

export async function removeDevServerRecord(dataDirectory: string): Promise<void> {
  await rm(join(dataDirectory, RECORD_NAME), { force: true });
}

/** The record, dead or alive; `null` when there is none. Throws `data_directory` for one that somebody else could have written. */
export async function readDevServerRecord(
  dataDirectory: string,
  userId: number | null,
): Promise<DevServerRecord | null> {
  const path = join(dataDirectory, RECORD_NAME);
  const text = await readPrivateFile(path, userId);
  if (text === null) return null;
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), record), text);
  if (read.success) return read.output;
  throw new OutkitError('data_directory', `${path} is no record of a server on this machine`, 'outkit dev');
}

/** The credential that the `outkit dev` of the project accepts; `null` when there is none. Throws `data_directory` like the record. */
export async function readLocalCredential(dataDirectory: string, userId: number | null): Promise<string | null> {
  const path = join(dataDirectory, CREDENTIAL_NAME);
  const credential = (await readPrivateFile(path, userId))?.trimEnd() ?? null;
  if (credential === null || CREDENTIAL_PATTERN.test(credential)) return credential;
  throw new OutkitError('data_directory', `${path} holds no credential of outkit dev`, `rm ${path}, then outkit dev`);
}

/** The credential of the data directory, made when there is none yet: by the server that has the directory, as with the record. */
export async function ensureLocalCredential(dataDirectory: string, fillRandom: FillRandom): Promise<string> {
  const { uid } = userInfo();
  const existing = await readLocalCredential(dataDirectory, uid === -1 ? null : uid);
  if (existing !== null) return existing;
  const credential = `okl_${Buffer.from(fillRandom(new Uint8Array(32))).toString('base64url')}`;
  await replaceFile(dataDirectory, CREDENTIAL_NAME, `${credential}\n`);
  return credential;
}

/** A reader, or the next start after a crash, finds the old file or the new one, never half of one. */
async function replaceFile(dataDirectory: string, name: string, text: string): Promise<void> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const temporary = join(dataDirectory, `${name}.new`);
  await rm(temporary, { force: true });
  await createFile(temporary, text);
  await rename(temporary, join(dataDirectory, name));
}

async function createFile(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(text);
  await file.sync();
}

/** Follows no link and waits for no FIFO. A file that another user owns or can read would hand us to another server, or the credential to them. */
async function readPrivateFile(path: string, userId: number | null): Promise<string | null> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  await using file = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw new OutkitError('data_directory', `${path} cannot be read: ${error.code}`);
  });
  if (file === null) return null;
  const stats = await file.stat();
  if (!stats.isFile() || stats.size > MAX_BYTES)
    throw new OutkitError('data_directory', `${path} is not the file it should be`);
  if (userId !== null && (stats.uid !== userId || (stats.mode & 0o077) !== 0)) {
    throw new OutkitError('data_directory', `${path} belongs to or can be read by other users`, `chmod 600 ${path}`);
  }
  return await file.readFile('utf8');
}
