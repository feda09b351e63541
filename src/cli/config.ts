import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { isServerUrl, SERVER_URL_RULE } from '../client/server-url.ts';
import { PROFILE_ID_PATTERN } from '../core/clock.ts';
import { ENVIRONMENTS } from '../core/environment.ts';
import { OutkitError } from '../core/errors.ts';
import { maskedStart } from '../core/secret.ts';
import type { Io } from './io.ts';
import { readJsonSource } from './json-source.ts';
import type { Output } from './output.ts';
import { CONFIG_NAME, findUpward } from './project.ts';
import { visible } from './visible-text.ts';

const MAX_BYTES = 64 * 1024;

/** What `outkit.json` says. It is committed, so it never holds a secret. */
const projectConfig = v.object({
  $schema: v.optional(v.string('must be a text')),
  profile: v.optional(
    v.pipe(
      v.string('must be a profile id'),
      v.regex(PROFILE_ID_PATTERN, 'must be a profile id such as prof_7hq3m2xk9tqw4bnz'),
    ),
  ),
  apiUrl: v.optional(v.pipe(v.string(SERVER_URL_RULE), v.check(isServerUrl, SERVER_URL_RULE))),
  envFile: v.optional(v.pipe(v.string('must be a path'), v.regex(/^[^\0]+$/, 'must be a path'))),
  environment: v.optional(v.picklist(ENVIRONMENTS, `must be ${ENVIRONMENTS.join(', ')}`)),
});

export type ProjectConfig = v.InferOutput<typeof projectConfig> & { readonly path: string };

/**
 * The configuration in force: `--config`, else `OUTKIT_CONFIG`, else the nearest `outkit.json`; `null` when there is none.
 * Unknown fields warn. Throws `invalid_config` with the path and line of what is wrong.
 */
export async function readConfig(
  io: Io,
  flag: string | undefined,
  output: Pick<Output, 'warn'>,
): Promise<ProjectConfig | null> {
  const named = flag ?? (io.env['OUTKIT_CONFIG'] || undefined);
  const path = named === undefined ? findUpward(CONFIG_NAME, io) : resolve(io.cwd, named);
  if (path === null) return null;
  const text = await readText(path, io.userId);
  refuseSecrets(path, text);
  const source = readJsonSource(text);
  if (source.kind === 'not_json')
    throw invalid(path, source.line, 'is not JSON here (comments and trailing commas are not)');
  const { value, fieldLines } = source;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(path, 1, 'must hold one JSON object', '{ "profile": "prof_…" } in it');
  }
  for (const [field, line] of fieldLines) {
    if (!Object.hasOwn(projectConfig.entries, field)) {
      output.warn(`${visible(path)}:${line}: unknown field ${visible(JSON.stringify(field))} is ignored`);
    }
  }
  const read = v.safeParse(projectConfig, value);
  if (read.success) return { ...read.output, path };
  const [issue] = read.issues;
  const field = String(issue.path?.[0]?.key);
  throw invalid(path, fieldLines.get(field) ?? 1, `${field} ${issue.message}`);
}

/** Opens without waiting, so that a FIFO cannot hang us, and asks the opened file itself, so that nobody can swap it in between. */
async function readText(path: string, userId: number | null): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      throw invalid(path, null, error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${error.code}`);
    },
  );
  const stats = await file.stat();
  if (!stats.isFile()) throw invalid(path, null, 'is not a file');
  if (userId !== null && stats.uid !== userId && (stats.mode & 0o022) !== 0) {
    throw invalid(path, null, 'belongs to another user and others can write it', `chmod go-w ${path}`);
  }
  if (stats.size > MAX_BYTES) throw invalid(path, 1, `is larger than ${MAX_BYTES / 1024} KiB`);
  const bytes = await file.readFile();
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw invalid(path, 1, 'starts with a byte order mark', 'save it as UTF-8 without BOM');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(path, 1, 'is not UTF-8');
  }
}

function refuseSecrets(path: string, text: string): void {
  const match = /(ok[dsp]_[0-9A-Za-z]{4})[0-9A-Za-z]{34}|okl_[\w-]{43}/.exec(text);
  if (match === null) return;
  const line = text.slice(0, match.index).split('\n').length;
  const [, start] = match;
  if (start === undefined) {
    throw invalid(path, line, 'holds a credential of outkit dev, and this file is committed', 'remove that line');
  }
  throw invalid(
    path,
    line,
    `holds the API key ${maskedStart(start)}, and this file is committed: treat the key as leaked`,
    `remove that line, find the id of ${maskedStart(start)} with outkit keys list, then outkit keys revoke <keyId>`,
  );
}

function invalid(path: string, line: number | null, what: string, hint: string | null = null): OutkitError {
  return new OutkitError('invalid_config', `${path}${line === null ? '' : `:${line}`}: ${what}`, hint);
}
