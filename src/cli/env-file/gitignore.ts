import { join } from 'node:path';
import { readGitStatus } from './git.ts';
import { type Location, shownPathOf } from './location.ts';
import { type EnvFileRefusal, refuse } from './refusal.ts';
import { replaceFile } from './replacement.ts';
import { takeSnapshot } from './snapshot.ts';
import type { OnSignal } from './workspace.ts';

const NEW_FILE_MODE = 0o644;

/** Git now ignores the file, or will in a repository to come, because of a line in this `.gitignore`. */
export interface IgnoredByGit {
  readonly kind: 'ignored';
  readonly shownPath: string;
}

/**
 * Adds one line for the env file, or another file or directory, to the `.gitignore` of its own directory, which outranks those
 * above it, and asks git whether that was enough. Creates the file when there is none.
 */
export async function addToGitignore(
  location: Pick<Location, 'directory' | 'name' | 'shownPath'>,
  workingDirectory: string,
  onSignal: OnSignal,
): Promise<IgnoredByGit | EnvFileRefusal> {
  const { directory, name } = location;
  const path = join(directory, '.gitignore');
  const shownPath = shownPathOf(path, workingDirectory);
  const expected = takeSnapshot(path, shownPath);
  if (expected.kind === 'refused') return expected;
  const contents = withRule(expected.kind === 'file' ? expected.contents : Buffer.alloc(0), name);
  const replaced = await replaceFile(
    { location: { directory, path, shownPath }, expected, contents, newFileMode: NEW_FILE_MODE },
    onSignal,
  );
  if (replaced !== 'done') return replaced;
  const status = await readGitStatus(directory, name);
  if (status === 'ignored' || status === 'outside') return { kind: 'ignored', shownPath };
  const what = `git does not ignore ${location.shownPath}, although ${shownPath} now names it.`;
  return refuse('still-not-ignored', what, 'run git check-ignore -v on the file to see which rule wins.');
}

function withRule(contents: Buffer, name: string): Buffer {
  const text = contents.toString('latin1');
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const missingBreak = text === '' || text.endsWith('\n') ? '' : lineBreak;
  // Characters that mean something in a pattern, and a space at the end, need a backslash.
  const pattern = name.replace(/[\\*?[\]]| $/g, '\\$&');
  return Buffer.concat([contents, Buffer.from(`${missingBreak}/${pattern}${lineBreak}`)]);
}
