import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path';
import { OutkitError } from '../../core/errors.ts';
import type { KeyOfSecret, KeyService } from '../../core/key-service.ts';
import type { CommandContext } from '../command.ts';
import type { ProjectConfig } from '../config.ts';
import { prepareEnvFile } from '../env-file/env-file.ts';
import { shownPathOf } from '../env-file/location.ts';
import { chooseTarget } from '../env-file/target.ts';
import type { EnvReading } from '../framework/env-reading.ts';
import type { PackageFacts } from '../framework/package-facts.ts';
import { visible } from '../visible-text.ts';

/** The variable of the app that holds the key. */
export const VARIABLE = 'OUTKIT_API_KEY';

export interface EnvFileQuery {
  /** `--env-file`. */
  readonly flag: string | undefined;
  readonly config: ProjectConfig | null;
  readonly configPath: string;
  readonly facts: PackageFacts;
  readonly reading: EnvReading;
  readonly keys: KeyService;
}

/** What the env file holds under {@link VARIABLE}. */
export type HeldValue =
  | { readonly kind: 'none' }
  /** A key that this server accepts. */
  | { readonly kind: 'key'; readonly found: KeyOfSecret }
  | { readonly kind: 'other'; readonly what: string };

export interface EnvFileFinding {
  readonly path: string;
  /** As `--env-file`: `true` for the one of `outkit.json`, which must not lead out of the project, as a path given by hand may. */
  readonly flag: string | true;
  readonly shownPath: string;
  /** The line that holds the variable, or will. */
  readonly line: number;
  /** What `outkit.json` must say so that all commands take this file; `undefined` when they do already. */
  readonly envFile: string | undefined;
  /** The framework reads it without help. */
  readonly isRead: boolean;
  readonly reader: string;
  readonly held: HeldValue;
  readonly warnings: readonly string[];
}

/** Chooses the env file that the server code of the app reads, and looks what it holds. Throws `env_file_refused`. */
export async function findEnvFile(query: EnvFileQuery, { io }: CommandContext): Promise<EnvFileFinding> {
  const { configPath, config, facts, reading, keys } = query;
  const path = await choosePath(query, io.cwd);
  const flag = query.flag === undefined && config?.envFile !== undefined ? true : path;
  const configuration = { directory: dirname(configPath), envFile: config?.envFile };
  const shownPath = visible(shownPathOf(path, io.cwd));
  let found: KeyOfSecret | null = null;
  const prepared = await prepareEnvFile({
    variableName: VARIABLE,
    workingDirectory: io.cwd,
    ...(flag === true ? { configuration } : { explicitPath: flag }),
    onSignal: io.onSignal,
    isSecretOfThisKey: async (hash) => {
      found = await keys.findByHash(hash).catch(unknownAsNull);
      return found !== null && isAccepted(found);
    },
  });
  if (prepared.kind === 'refused') {
    throw new OutkitError('env_file_refused', prepared.what.replace(/\.$/, ''), prepared.tryThis.replace(/\.$/, ''));
  }
  const usual = await chooseTarget({ workingDirectory: io.cwd, configuration });
  const isRead = reading.files.some((name) => join(facts.directory, name) === path);
  return {
    path,
    flag,
    shownPath,
    line: prepared.line,
    envFile: usual.path === path ? undefined : inConfig(path, configPath),
    isRead,
    reader: reading.reader,
    held: heldValue(prepared.existingValue, found),
    warnings: isRead ? [] : [notRead(shownPath, reading)],
  };
}

/** As the writer does: the path given, else `envFile` of `outkit.json`, else what is there. Then what the framework reads has the last word. */
async function choosePath({ flag, config, facts, reading }: EnvFileQuery, cwd: string): Promise<string> {
  if (flag !== undefined) return resolve(cwd, flag);
  if (config?.envFile !== undefined) return resolve(dirname(config.path), config.envFile);
  const usual = await chooseTarget({ workingDirectory: facts.directory });
  const [best, ...others] = reading.files;
  if (best === undefined || reading.files.includes(basename(usual.path))) return usual.path;
  return join(facts.directory, others.find((name) => facts.files.has(name)) ?? best);
}

/** The path as `outkit.json` has it: from its folder, with slashes on every system. */
function inConfig(path: string, configPath: string): string | undefined {
  const way = relative(dirname(configPath), path);
  return way.startsWith('..') ? undefined : way.split(sep).join(posix.sep);
}

function unknownAsNull(error: unknown): null {
  if (error instanceof OutkitError && error.code === 'not_found') return null;
  throw error;
}

function isAccepted({ key, secret }: KeyOfSecret): boolean {
  return secret !== 'ended' && (key.status === 'active' || key.status === 'rotating');
}

function heldValue(existing: 'none' | 'of-this-key' | 'foreign', found: KeyOfSecret | null): HeldValue {
  if (existing === 'none') return { kind: 'none' };
  if (found === null) return { kind: 'other', what: `another ${VARIABLE}` };
  if (existing === 'of-this-key') return { kind: 'key', found };
  const { key, secret } = found;
  const end = secret === 'ended' && key.status === 'active' ? 'whose secret was replaced' : `that is ${key.status}`;
  return { kind: 'other', what: `a key (${visible(key.name)}, ${visible(key.id)}) ${end}` };
}

function notRead(shownPath: string, { files, reader }: EnvReading): string {
  if (files.length > 0) return `${reader} does not read ${shownPath}, but ${files.join(' and ')}`;
  return `${reader} reads no env file by itself: start the app with node --env-file=${shownPath}`;
}
