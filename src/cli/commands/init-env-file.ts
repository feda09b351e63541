import { basename, dirname, join, posix, relative, sep } from 'node:path';
import { OutkitError } from '../../core/errors.ts';
import type { KeyOfSecret, KeyService } from '../../core/key-service.ts';
import type { CommandContext } from '../command.ts';
import { shellWord } from '../command-line.ts';
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

/** Only a path that was given by hand may lead out of the project. */
export type EnvFileChoice =
  | { readonly explicitPath: string }
  | { readonly configuration: { readonly directory: string; readonly envFile: string } };

export interface EnvFileFinding {
  readonly path: string;
  readonly choice: EnvFileChoice;
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
  const choice = await chooseEnvFile(query);
  const { path } = await chooseTarget({ workingDirectory: io.cwd, ...choice });
  const shownPath = visible(shownPathOf(path, io.cwd));
  let found: KeyOfSecret | null = null;
  const prepared = await prepareEnvFile({
    variableName: VARIABLE,
    workingDirectory: io.cwd,
    ...choice,
    onSignal: io.onSignal,
    isSecretOfThisKey: async (hash) => {
      found = await keys.findByHash(hash).catch(unknownAsNull);
      return found !== null && isAccepted(found);
    },
  });
  if (prepared.kind === 'refused') {
    throw new OutkitError('env_file_refused', prepared.what.replace(/\.$/, ''), prepared.tryThis.replace(/\.$/, ''));
  }
  const configuration = { directory: dirname(configPath), envFile: config?.envFile };
  const usual = await chooseTarget({ workingDirectory: io.cwd, configuration });
  const isRead = reading.files.some((name) => join(facts.directory, name) === path);
  return {
    path,
    choice,
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
async function chooseEnvFile({ flag, config, facts, reading }: EnvFileQuery): Promise<EnvFileChoice> {
  if (flag !== undefined) return { explicitPath: flag };
  if (config?.envFile !== undefined) {
    return { configuration: { directory: dirname(config.path), envFile: config.envFile } };
  }
  return { configuration: { directory: facts.directory, envFile: await discover(facts, reading) } };
}

/** From the folder of `package.json`. */
async function discover(facts: PackageFacts, reading: EnvReading): Promise<string> {
  const usual = basename((await chooseTarget({ workingDirectory: facts.directory })).path);
  const [best, ...others] = reading.files;
  if (best === undefined || reading.files.includes(usual)) return usual;
  return others.find((name) => facts.files.has(name)) ?? best;
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
  return `${reader} reads no env file by itself: start the app with node ${shellWord(`--env-file=${shownPath}`)}`;
}
