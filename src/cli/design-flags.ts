import { resolve } from 'node:path';
import type { Command } from 'commander';
import * as v from 'valibot';
import { design, tokenName, tokenValue } from '../api/profiles.ts';
import { OutkitError } from '../core/errors.ts';
import type { DesignTokens } from '../core/profile.ts';
import type { DesignChange } from '../core/profile-change.ts';
import type { Io } from './io.ts';
import { invalidFile, parseJsonObject, readTextFile } from './json-file.ts';

export interface DesignFlags {
  /** Path of a file. */
  readonly design?: string;
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
}

const EXAMPLE = '{ "--outkit-primary": "#b30069" }';

/** Adds `--design` and `--set`, which may come more than once. */
export function addDesignFlags(command: Command): Command {
  return command
    .option('--design <file>', `design tokens, as JSON: ${EXAMPLE}`)
    .option('--set <token=value>', 'one token, such as --set --outkit-primary=#b30069; again for more', another);
}

/** One more value of a flag that may come more than once. */
export function another(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** What the flags change of a design. Throws `invalid_config` with the place in the file, and `usage`. */
export async function designChange(flags: DesignFlags, io: Pick<Io, 'cwd' | 'userId'>): Promise<DesignChange> {
  const set = Object.fromEntries((flags.set ?? []).map(tokenOf));
  const unset = (flags.unset ?? []).map((name) => checked(tokenName, name, '--unset', '--unset --outkit-primary'));
  const tokens = flags.design === undefined ? null : await readDesign(resolve(io.cwd, flags.design), io.userId);
  return { design: tokens, set, unset };
}

async function readDesign(path: string, userId: number | null): Promise<DesignTokens> {
  const { value, fields } = parseJsonObject(path, await readTextFile(path, userId), EXAMPLE);
  const read = v.safeParse(design, value);
  if (read.success) return read.output;
  const [issue] = read.issues;
  const name = issue.path?.[0]?.key;
  throw invalidFile(path, fields.get(String(name))?.line ?? 1, ruleOf(issue), EXAMPLE);
}

function tokenOf(text: string): readonly [name: string, value: string] {
  const example = '--set --outkit-primary=#b30069';
  const [, name, value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new OutkitError('usage', '--set takes a token and its value', example);
  }
  return [checked(tokenName, name, '--set', example), checked(tokenValue, value, '--set', example)];
}

function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  flag: string,
  example: string,
): v.InferOutput<Schema> {
  const read = v.safeParse(schema, text, { abortPipeEarly: true });
  if (read.success) return read.output;
  const [part, rule] = [schema === (tokenName as v.GenericSchema) ? 'the token' : 'the value', ruleOf(read.issues[0])];
  throw new OutkitError('usage', `${flag}: ${part} ${rule}`, example);
}

/** Messages of the library repeat the value that came in; ours do not. */
function ruleOf({ message, expected }: v.BaseIssue<unknown>): string {
  return message.startsWith('Invalid ') ? `must be ${expected ?? 'something else'}` : message;
}
