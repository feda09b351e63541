import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ErrorCode, OutkitError } from '../core/errors.ts';
import type { ProjectConfig } from './config.ts';
import type { EnvFileRefusal } from './env-file/refusal.ts';
import type { Io } from './io.ts';
import { parseJsonObject } from './json-file.ts';
import type { JsonField } from './json-source.ts';
import { CONFIG_NAME } from './project.ts';

const NEW_FILE_MODE = 0o644;

/**
 * Makes a profile the active one: writes it into the `outkit.json` in use, or a new one in the working directory, and resolves to its
 * path. Only the value of `profile` changes, in one step. Throws `invalid_config` and leaves the file as it was.
 */
export async function writeActiveProfile(profileId: string, config: ProjectConfig | null, io: Io): Promise<string> {
  const path = config?.path ?? join(io.cwd, CONFIG_NAME);
  const [{ takeSnapshot }, { replaceFile }] = await Promise.all([
    import('./env-file/snapshot.ts'),
    import('./env-file/replacement.ts'),
  ]);
  const realPath = config === null ? path : realpathSync(path);
  const expected = takeSnapshot(realPath, path);
  if (expected.kind === 'refused') throw refusal(expected, profileId);
  const text = expected.kind === 'absent' ? '{}\n' : expected.contents.toString();
  const { fields } = parseJsonObject(path, text, '{ "profile": "prof_…" }');
  const location = { directory: dirname(realPath), path: realPath, shownPath: path };
  const contents = Buffer.from(withProfile(text, fields, profileId));
  const done = await replaceFile({ location, expected, contents, newFileMode: NEW_FILE_MODE }, io.onSignal);
  if (done !== 'done') throw refusal(done, profileId);
  return path;
}

/** The text of a JSON object with another value of `profile`, or with that field first when it has none. All else stays. */
export function withProfile(text: string, fields: ReadonlyMap<string, JsonField>, profileId: string): string {
  const value = JSON.stringify(profileId);
  const field = fields.get('profile');
  if (field !== undefined) return text.slice(0, field.start) + value + text.slice(field.end);
  const inside = text.indexOf('{') + 1;
  const [space = ''] = /^\s*/.exec(text.slice(inside)) ?? [];
  const rest = text.slice(inside + space.length);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  return fields.size === 0
    ? `${text.slice(0, inside)}${lineEnd}  "profile": ${value}${lineEnd}${rest}`
    : `${text.slice(0, inside)}${space}"profile": ${value},${space === '' ? ' ' : space}${rest}`;
}

/** Hints of the env-file writer are about env files. */
function refusal({ reason, what }: EnvFileRefusal, profileId: string): OutkitError {
  const code: ErrorCode = reason === 'SIGINT' ? 'cancelled' : reason === 'SIGTERM' ? 'terminated' : 'invalid_config';
  return new OutkitError(code, what.replace(/\.$/, ''), `put "profile": "${profileId}" into it by hand`);
}
