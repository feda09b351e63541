import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { systemErrorCode } from './refusal.ts';

export type InterruptingSignal = 'SIGINT' | 'SIGTERM';

/** Takes a signal over from the default, which ends the process. The returned function gives it back. */
export type OnSignal = (signal: InterruptingSignal, handler: () => void) => () => void;

/** `interrupted`: the signal came before the workspace could be used. A use may have been followed by one. */
export type WorkspaceOutcome<T> =
  | { readonly kind: 'used'; readonly result: T; readonly signal: InterruptingSignal | undefined }
  | { readonly kind: 'interrupted'; readonly signal: InterruptingSignal };

/** The directory beside the env file in which temporary files live. Everything in it is ignored by git. */
export const WORKSPACE_NAME = '.outkit-env-tmp';

const RETRY_MS = 25;
const PATIENCE_ATTEMPTS = 80;
const MAX_ATTEMPTS = 5 * PATIENCE_ATTEMPTS;
const IF_THERE = { throwIfNoEntry: false } as const;
const ABANDONED_PATTERN = /^\.outkit-env-tmp-[0-9a-f-]{36}$/;
const OWN_FILE_PATTERN = /^(?:\.gitignore|[0-9a-f-]{36}\.tmp)$/;

/**
 * Runs `use` with the path of a fresh workspace in a directory and removes the workspace afterwards. The workspace is also
 * the lock: its name is fixed, so only one process has it, and only for the milliseconds of `use`, which is synchronous so
 * that no signal handler runs in its middle. One that stays for two seconds was left by a process that was killed, and is
 * taken over; should its owner still live, its temporary file is gone, so that its rename fails and changes nothing.
 * Throws file-system errors.
 */
export async function withWorkspace<T>(
  directory: string,
  onSignal: OnSignal,
  use: (path: string) => T,
): Promise<WorkspaceOutcome<T>> {
  const arrived: InterruptingSignal[] = [];
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const giveBack = signals.map((signal) => onSignal(signal, () => arrived.push(signal)));
  try {
    const path = await claimWorkspace(directory);
    const [early] = arrived;
    if (early !== undefined) {
      removeWorkspace(path);
      return { kind: 'interrupted', signal: early };
    }
    const result = useWorkspace(directory, path, use);
    // A signal that came meanwhile is seen in the next full turn of the event loop.
    await setImmediate();
    await setImmediate();
    return { kind: 'used', result, signal: arrived[0] };
  } finally {
    for (const give of giveBack) give();
  }
}

/** Leaves the directory as it was, apart from what `use` has done. */
function useWorkspace<T>(directory: string, path: string, use: (path: string) => T): T {
  const { ino } = lstatSync(path);
  try {
    removeAbandoned(directory);
    // A `.gitignore` in the directory itself outranks all others, so no rule of the project can show the secret to git.
    writeFileSync(join(path, '.gitignore'), '*\n', { flag: 'wx', mode: 0o600, flush: true });
    return use(path);
  } finally {
    // Who had it taken away must not remove that of the new owner.
    if (lstatSync(path, IF_THERE)?.ino === ino) removeWorkspace(path);
  }
}

async function claimWorkspace(directory: string): Promise<string> {
  const path = join(directory, WORKSPACE_NAME);
  for (let attempt = 1; ; attempt++) {
    try {
      mkdirSync(path, { mode: 0o700 });
      return path;
    } catch (error) {
      const isTaken = systemErrorCode(error) === 'EEXIST' && lstatSync(path, IF_THERE)?.isDirectory() !== false;
      if (!isTaken || attempt === MAX_ATTEMPTS) throw error;
    }
    await setTimeout(RETRY_MS);
    // Renamed before it is removed, because of two processes that take over at once only one can succeed in that.
    if (attempt % PATIENCE_ATTEMPTS === 0) renameIfThere(path, `${path}-${randomUUID()}`);
  }
}

function renameIfThere(path: string, newPath: string): void {
  try {
    renameSync(path, newPath);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}

function removeAbandoned(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (ABANDONED_PATTERN.test(name)) removeWorkspace(join(directory, name));
  }
}

/** Removes what this module has made and nothing else. What cannot be removed stays: it is no reason to fail. */
function removeWorkspace(path: string): void {
  try {
    const files = readdirSync(path).filter((name) => OWN_FILE_PATTERN.test(name));
    // The secrets go first, while the `.gitignore` still covers them.
    for (const name of files.sort().reverse()) rmSync(join(path, name), { force: true });
    rmdirSync(path);
  } catch (error) {
    systemErrorCode(error);
  }
}
