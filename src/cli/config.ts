import { resolve } from 'node:path';
import * as v from 'valibot';
import { isServerUrl, SERVER_URL_RULE } from '../client/server-url.ts';
import { PROFILE_ID_PATTERN } from '../core/clock.ts';
import { ENVIRONMENTS } from '../core/environment.ts';
import { maskedStart } from '../core/secret.ts';
import { shellWord } from './command-line.ts';
import type { Io } from './io.ts';
import { invalidFile, parseJsonObject, readTextFile } from './json-file.ts';
import type { Output } from './output.ts';
import { CONFIG_NAME, findUpward } from './project.ts';
import { visible } from './visible-text.ts';

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
 * Unknown fields warn. Throws `invalid_config` with the path and line of what is wrong, also for one that was found and belongs to
 * another user: it could lead anywhere. Whoever names it trusts it.
 */
export async function readConfig(
  io: Io,
  flag: string | undefined,
  output: Pick<Output, 'warn'>,
): Promise<ProjectConfig | null> {
  const named = flag ?? (io.env['OUTKIT_CONFIG'] || undefined);
  const path = named === undefined ? findUpward(CONFIG_NAME, io) : resolve(io.cwd, named);
  if (path === null) return null;
  const rule = { ownOnly: named === undefined, missingHint: missingHint(flag, io) };
  const text = await readTextFile(path, io.userId, rule);
  refuseSecrets(path, text);
  const { value, fields } = parseJsonObject(path, text, '{ "profile": "prof_…" }');
  for (const [field, { line }] of fields) {
    if (!Object.hasOwn(projectConfig.entries, field)) {
      output.warn(`${visible(path)}:${line}: unknown field ${visible(JSON.stringify(field))} is ignored`);
    }
  }
  const read = v.safeParse(projectConfig, value);
  if (read.success) return { ...read.output, path };
  const [issue] = read.issues;
  const field = String(issue.path?.[0]?.key);
  throw invalidFile(path, fields.get(field)?.line ?? 1, `${field} ${issue.message}`);
}

/** What helps somebody who named a file that is not there. */
function missingHint(flag: string | undefined, io: Io): string {
  if (flag === undefined) return 'unset OUTKIT_CONFIG';
  const found = findUpward(CONFIG_NAME, io);
  return found === null ? 'outkit init' : `--config ${shellWord(found)}`;
}

function refuseSecrets(path: string, text: string): void {
  const match = /ok[lt]_[\w-]{43}|(ok[dsp]_[0-9A-Za-z]{4})[0-9A-Za-z]{34}/.exec(text);
  if (match === null) return;
  const line = text.slice(0, match.index).split('\n').length;
  const [, start] = match;
  if (start === undefined) {
    const fix = match[0].startsWith('okl_') ? 'remove that line' : 'remove that line, then outkit logout --everywhere';
    throw invalidFile(path, line, 'holds a credential of the command line, and this file is committed', fix);
  }
  throw invalidFile(
    path,
    line,
    `holds the API key ${maskedStart(start)}, and this file is committed: treat the key as leaked`,
    `remove that line, find the id of ${maskedStart(start)} with outkit keys list, then outkit keys revoke <keyId>`,
  );
}
