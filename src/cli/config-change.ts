import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { OutkitError } from '../core/errors.ts';
import { shellWord } from './command-line.ts';
import type { ProjectConfig } from './config.ts';
import { findRepositoryRoot } from './env-file/git.ts';
import { shownPathOf } from './env-file/location.ts';
import type { EnvFileRefusal } from './env-file/refusal.ts';
import { replaceFile } from './env-file/replacement.ts';
import { takeSnapshot } from './env-file/snapshot.ts';
import type { Io } from './io.ts';
import { parseJsonObject } from './json-file.ts';
import type { JsonField } from './json-source.ts';
import { visible } from './visible-text.ts';

/** Fields to set; all others stay as they are. */
export type ConfigChange = Partial<Pick<ProjectConfig, 'profile' | 'apiUrl' | 'envFile'>>;

const NEW_FILE_MODE = 0o644;

/**
 * Sets fields of an `outkit.json` that has been read before, or makes one: in one step, so that no reader finds half of it.
 * Throws `invalid_config` and leaves the file as it is when it cannot be written, or is a link out of the project.
 */
export async function changeConfig(path: string, change: ConfigChange, { cwd, onSignal }: Io): Promise<void> {
  const shownPath = shownPathOf(path, cwd);
  const real = realConfigPath(path, cwd);
  const expected = takeSnapshot(real, shownPath);
  if (expected.kind === 'refused') throw notChanged(expected, shownPath);
  const contents = changedText(shownPath, expected.kind === 'file' ? expected.contents.toString('utf8') : '{}', change);
  const replaced = await replaceFile(
    {
      location: { directory: dirname(real), path: real, shownPath },
      expected,
      contents: Buffer.from(contents),
      newFileMode: NEW_FILE_MODE,
    },
    onSignal,
  );
  if (replaced !== 'done') throw notChanged(replaced, shownPath);
}

/** The text of an `outkit.json` after a change: values are replaced, missing fields are added at the end, and all else stays. */
export function changedText(path: string, text: string, change: ConfigChange): string {
  return Object.entries(change).reduce((changed, [name, value]) => {
    const { fields } = parseJsonObject(path, changed, '{ "profile": "prof_…" }');
    return withField(changed, fields, name, JSON.stringify(value));
  }, text);
}

function withField(text: string, fields: ReadonlyMap<string, JsonField>, name: string, value: string): string {
  const field = fields.get(name);
  if (field !== undefined) return text.slice(0, field.start) + value + text.slice(field.end);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  if (fields.size === 0) return `{${lineEnd}  "${name}": ${value}${lineEnd}}${lineEnd}`;
  const end = Math.max(...[...fields.values()].map((one) => one.end));
  // What stands before the first field stands before each: a space, or a line break and the indentation.
  const [, space = ''] = /^\s*\{(\s*)/.exec(text) ?? [];
  return `${text.slice(0, end)},${space === '' ? ' ' : space}"${name}": ${value}${text.slice(end)}`;
}

/**
 * The file that a change goes to: a link is followed, else it would be replaced by a file. The file need not exist. Throws
 * `invalid_config` where the link leads out of the project (git root, else folder of the link): whoever made it may not be who runs this.
 */
export function realConfigPath(path: string, cwd: string): string {
  const directory = realPathOf(dirname(path));
  const real = existsSync(path) ? realPathOf(path) : join(directory, basename(path));
  // A path outside is shown in full.
  if (!isAbsolute(shownPathOf(real, findRepositoryRoot(directory) ?? directory))) return real;
  const message = `${visible(shownPathOf(path, cwd))} is a link out of the project, and was not changed`;
  throw new OutkitError('invalid_config', message, `--config ${shellWord(visible(real))}`);
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function notChanged({ reason, what }: EnvFileRefusal, shownPath: string): OutkitError {
  if (reason === 'SIGINT') return new OutkitError('cancelled', 'Cancelled: outkit.json was not changed');
  if (reason === 'SIGTERM') return new OutkitError('terminated', 'Ended by SIGTERM: outkit.json was not changed');
  return new OutkitError('invalid_config', what.replace(/\.$/, ''), `ls -l ${shellWord(shownPath)}`);
}
