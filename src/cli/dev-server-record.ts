import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { isLoopbackUrl } from '../client/server-url.ts';
import { OutkitError } from '../core/errors.ts';
import type { FillRandom } from '../core/secret.ts';
import { newToken } from '../core/token.ts';
import { readPrivateFile } from './private-file.ts';

/** How a running `outkit dev` tells the commands of its project where it is. */
export interface DevServerRecord {
  /** Origin on loopback. */
  readonly url: string;
  readonly pid: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Tells the process from a later one under the same pid, where the platform can; the server leaves it to the record. */
  readonly process?: string | undefined;
}

const RECORD_NAME = 'server.json';
const CREDENTIAL_NAME = 'credential';
const CREDENTIAL_PATTERN = /^okl_[A-Za-z0-9_-]{43}$/;

const record = v.object({
  url: v.pipe(v.string(), v.check(isLoopbackUrl)),
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  startedAt: v.number(),
  process: v.optional(v.string()),
});

/** Replaces the record. Only the server that has the directory may: it shares a temporary file with itself alone. */
export async function writeDevServerRecord(dataDirectory: string, server: DevServerRecord): Promise<void> {
  const process = (await processMark(server.pid)) ?? undefined;
  await replaceFile(dataDirectory, RECORD_NAME, `${JSON.stringify({ ...server, process })}\n`);
}

export async function removeDevServerRecord(dataDirectory: string): Promise<void> {
  await rm(join(dataDirectory, RECORD_NAME), { force: true });
}

/** True while the process that wrote the record runs. Where the platform tells no more of a process, another one under its pid counts too. */
export async function isStillRunning(
  { pid, process }: DevServerRecord,
  isAlive: (pid: number) => boolean,
): Promise<boolean> {
  return isAlive(pid) && (process === undefined || process === (await processMark(pid)));
}

/** The record, dead or alive; `null` when there is none. Throws `data_directory` for one that somebody else could have written. */
export async function readDevServerRecord(
  dataDirectory: string,
  userId: number | null,
): Promise<DevServerRecord | null> {
  const path = join(dataDirectory, RECORD_NAME);
  const text = await readPrivateFile(path, userId, 'data_directory');
  if (text === null) return null;
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), record), text);
  if (read.success) return read.output;
  throw new OutkitError('data_directory', `${path} is no record of a server on this machine`, 'outkit dev');
}

/** The credential that the `outkit dev` of the project accepts; `null` when there is none. Throws `data_directory` like the record. */
export async function readLocalCredential(dataDirectory: string, userId: number | null): Promise<string | null> {
  const path = join(dataDirectory, CREDENTIAL_NAME);
  const credential = (await readPrivateFile(path, userId, 'data_directory'))?.trimEnd() ?? null;
  if (credential === null || CREDENTIAL_PATTERN.test(credential)) return credential;
  throw new OutkitError('data_directory', `${path} holds no credential of outkit dev`, `rm ${path}, then outkit dev`);
}

/**
 * A new credential in the place of the one that the server before had: it must not outlive the server that it was made for. Only the
 * server that has the directory may, as with the record.
 */
export async function renewLocalCredential(dataDirectory: string, fillRandom: FillRandom): Promise<string> {
  const credential = `okl_${newToken(fillRandom)}`;
  await replaceFile(dataDirectory, CREDENTIAL_NAME, `${credential}\n`);
  return credential;
}

/** When the process started, in ticks since a boot that is named too; `null` where the platform has no `/proc`, or no such process. */
async function processMark(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    // The name of the program, in parentheses, may hold spaces and parentheses; the start is the 20th field after it.
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return start === undefined ? null : `${boot.trim()} ${start}`;
  } catch {
    return null;
  }
}

/**
 * Replaces a file that only its user can read. A reader, or the next start after a crash, finds the old file or the new one, never half
 * of one. Throws `data_directory`.
 */
export async function replaceFile(dataDirectory: string, name: string, text: string): Promise<void> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const temporary = join(dataDirectory, `${name}.new`);
  await rm(temporary, { force: true });
  await createFile(temporary, text);
  const path = join(dataDirectory, name);
  await rename(temporary, path).catch((error: NodeJS.ErrnoException) => {
    throw new OutkitError('data_directory', `${path} cannot be replaced: ${error.code}`, `rm -r ${path}`, {
      cause: error,
    });
  });
}

async function createFile(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(text);
  await file.sync();
}
