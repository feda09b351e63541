import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import type { SecretHash } from '../../core/secret-hash.ts';
import { GIT_OPTIONS, gitEnvironment } from '../env-file/git.ts';
import type { Environ } from '../io.ts';
import { BATCH_FORMAT, type GitObject, GitObjectReader } from './git-objects.ts';
import { type SeenSecret, secretsIn } from './seen-secret.ts';

export interface Repository {
  readonly root: string;
  readonly env: Environ;
}

/** A key in the history, where it was last. */
export interface CommittedSecret {
  readonly secret: SeenSecret;
  /** `commit 1f2e3d4c5b, src/app.ts`, `the message of commit 1f2e3d4c5b`. */
  readonly place: string;
}

export interface HistorySearch {
  readonly found: readonly CommittedSecret[];
  readonly commits: number;
  /** Files that were left out because of their size. */
  readonly oversized: number;
  /** Why there may be more than was searched, and the command that helps; `null` when all of it was. */
  readonly incomplete: { readonly why: string; readonly fix: string | null } | null;
}

export interface HistoryLimits {
  readonly timeMs: number;
  /** Called now and then with the number of objects searched so far. */
  readonly onProgress: (objects: number) => void;
}

const MAX_FILE_SIZE = '10m';
const HASH_LENGTH = 10;
const OBJECTS_PER_REPORT = 1024;
const GIT_TIMEOUT_MS = 5_000;
/** For the person to run: it names commits and files, and no key. */
const WHOLE_SEARCH = "git log --all --oneline --name-only -G'ok[dsp]_[0-9A-Za-z]{38}'";

/**
 * Searches each file version, commit message and tag message that any ref reaches, once, newest first. Takes objects as they are
 * stored: no text converter, no replacement, no hook runs, and nothing is fetched. Never rejects because of git.
 */
export async function searchHistory(repository: Repository, limits: HistoryLimits): Promise<HistorySearch> {
  const list = git(repository, [
    'rev-list',
    '--objects',
    '--in-commit-order',
    '--missing=print',
    `--filter=blob:limit=${MAX_FILE_SIZE}`,
    '--filter-print-omitted',
    '--all',
  ]);
  const batch = git(repository, ['cat-file', `--batch=${BATCH_FORMAT}`, '--buffer']);
  const ended = Promise.all([endOf(list), endOf(batch)]);
  // When one of the two ends early the other has nobody to write to.
  for (const stream of [list.stdout, batch.stdin]) stream?.on('error', () => {});
  if (list.stdout !== null && batch.stdin !== null) list.stdout.pipe(batch.stdin);
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    for (const child of [list, batch]) child.kill('SIGKILL');
  }, limits.timeMs);
  const search = await searchObjects(batch, limits.onProgress);
  const [listEnd] = await ended;
  clearTimeout(late);
  const { found, commits, oversized, absent, objects } = search;
  const why = isLate
    ? `not finished within ${limits.timeMs / 1000} s: ${objects} objects were searched, the newest first`
    : listEnd;
  if (why !== null)
    return { found, commits, oversized, incomplete: { why, fix: isLate ? WHOLE_SEARCH : 'git log -1' } };
  return { found, commits, oversized, incomplete: await reasonOfGap(repository, absent) };
}

interface Tally {
  readonly found: readonly CommittedSecret[];
  readonly objects: number;
  readonly commits: number;
  readonly oversized: number;
  readonly absent: number;
}

async function searchObjects(batch: ChildProcess, onProgress: (objects: number) => void): Promise<Tally> {
  const found = new Map<SecretHash, CommittedSecret>();
  const reader = new GitObjectReader();
  const tally = { objects: 0, commits: 0, oversized: 0, absent: 0 };
  let commit = '';
  for await (const piece of batch.stdout ?? []) {
    for (const object of reader.read(piece)) {
      if (++tally.objects % OBJECTS_PER_REPORT === 0) onProgress(tally.objects);
      if (object.type === 'missing') {
        if (object.id.startsWith('~')) tally.oversized++;
        else tally.absent++;
        continue;
      }
      if (object.type === 'commit') {
        tally.commits++;
        commit = object.id.slice(0, HASH_LENGTH);
      }
      if (object.type === 'tree') continue;
      for (const secret of secretsIn(object.contents.toString('latin1'))) {
        // The first place is the newest; later ones are older states of the same.
        if (!found.has(secret.hash)) found.set(secret.hash, { secret, place: placeOf(object, commit) });
      }
    }
  }
  return { ...tally, found: [...found.values()] };
}

function placeOf({ type, name, id }: GitObject, commit: string): string {
  if (type === 'commit') return `the message of commit ${commit}`;
  if (type === 'tag') return `the message of tag ${name === '' ? id.slice(0, HASH_LENGTH) : name}`;
  return `commit ${commit}, ${name === '' ? `file ${id.slice(0, HASH_LENGTH)}` : name}`;
}

/** What of the history is not on this machine. */
async function reasonOfGap({ root, env }: Repository, absent: number): Promise<HistorySearch['incomplete']> {
  if (absent > 0) return { why: `${absent} objects of it are not on this machine (partial clone)`, fix: null };
  const options = { cwd: root, env: gitEnvironment(env), timeout: GIT_TIMEOUT_MS };
  const asked = await promisify(execFile)('git', [...GIT_OPTIONS, 'rev-parse', '--is-shallow-repository'], options)
    .then(({ stdout }) => stdout.trim())
    .catch(() => 'false');
  if (asked !== 'true') return null;
  return { why: 'the older part of it is not on this machine (shallow clone)', fix: 'git fetch --unshallow' };
}

function git({ root, env }: Repository, command: readonly string[]): ChildProcess {
  return spawn('git', [...GIT_OPTIONS, '--no-replace-objects', ...command], {
    cwd: root,
    env: gitEnvironment(env),
    stdio: [command[0] === 'cat-file' ? 'pipe' : 'ignore', 'pipe', 'ignore'],
    windowsHide: true,
  });
}

/** `null` for a good end, else what went wrong. */
async function endOf(child: ChildProcess): Promise<string | null> {
  try {
    const [code] = await once(child, 'close');
    return code === 0 ? null : 'git cannot read it';
  } catch {
    return 'git cannot be run';
  }
}
