import { dirname } from 'node:path';
import { OutkitError } from '../core/errors.ts';
import type { PlaintextSecret } from '../core/secret.ts';
import type { SecretHash } from '../core/secret-hash.ts';
import type { CommandContext } from './command.ts';
import { commandLine } from './command-line.ts';
import type { ProjectConfig } from './config.ts';
import type { PreparedEnvFile } from './env-file/env-file.ts';
import type { EnvFileRefusal } from './env-file/refusal.ts';
import { visible } from './visible-text.ts';

export interface EnvFileFlags {
  /** A path or `true` of `--env-file[=path]`, `false` of `--no-env-file`. */
  readonly envFile?: string | boolean;
  readonly envName?: string;
  readonly force?: boolean;
}

/** What will be done with an env file once there is a secret. Everything that can be checked has been. */
export interface EnvFilePlan {
  /** Asks where a question is still open. Throws `env_file_failed` and leaves the file as it was. */
  write(secret: PlaintextSecret): Promise<void>;
}

export interface EnvFileQuery {
  readonly flags: EnvFileFlags;
  readonly config: ProjectConfig | null;
  readonly isSecretOfThisKey?: (hash: SecretHash) => Promise<boolean>;
}

const DEFAULT_NAME = 'OUTKIT_API_KEY';

/**
 * Prepares the env file that was asked for, or the offer of one; `null` when neither applies. Throws `env_file_refused`,
 * `env_value_exists` and `cancelled`: nothing has been minted yet.
 */
export async function planEnvFile(query: EnvFileQuery, context: CommandContext): Promise<EnvFilePlan | null> {
  const { envFile, envName = DEFAULT_NAME } = query.flags;
  if (!isEnvFileInPlay(query.flags, context)) return null;
  const prepared = await prepare(query, envName, context);
  if (envFile === undefined) return { write: (secret) => offer(secret, prepared, envName, context) };
  if (prepared.kind === 'refused') throw refusalError('env_file_refused', prepared);
  await settleForeignValue(prepared, envName, query.flags.force === true, context);
  const ignoreFirst = await settleGitignore(prepared, context);
  return { write: (secret) => write(secret, prepared, envName, ignoreFirst, context) };
}

/** An env file was asked for, or can be offered. */
export function isEnvFileInPlay({ envFile }: EnvFileFlags, { interactive, output }: CommandContext): boolean {
  return envFile === undefined ? interactive && output.isTerminal : envFile !== false;
}

/** Loaded here, since most commands write no env file. */
async function prepare(
  { flags, config, isSecretOfThisKey }: EnvFileQuery,
  variableName: string,
  { io }: CommandContext,
): Promise<PreparedEnvFile | EnvFileRefusal> {
  const { prepareEnvFile } = await import('./env-file/env-file.ts');
  return prepareEnvFile({
    variableName,
    workingDirectory: io.cwd,
    explicitPath: typeof flags.envFile === 'string' ? flags.envFile : undefined,
    configuration: config === null ? undefined : { directory: dirname(config.path), envFile: config.envFile },
    isSecretOfThisKey,
    onSignal: io.onSignal,
  });
}

async function settleForeignValue(
  prepared: PreparedEnvFile,
  name: string,
  force: boolean,
  { io, interactive, argv }: CommandContext,
): Promise<void> {
  if (prepared.existingValue !== 'foreign' || force) return;
  const where = `${visible(prepared.path)}:${prepared.line}`;
  if (!interactive) {
    throw new OutkitError('env_value_exists', `${where} holds another ${name}`, commandLine([...argv, '--force']));
  }
  const { confirm } = await io.openPrompts();
  if (await confirm(`${where} holds another ${name}. Replace it?`, false)) return;
  throw new OutkitError('cancelled', 'Cancelled: nothing was changed');
}

/** Resolves to whether git is to be told to ignore the file before it holds a secret. */
async function settleGitignore(
  prepared: PreparedEnvFile,
  { io, output, interactive }: CommandContext,
): Promise<boolean> {
  const path = visible(prepared.path);
  if (prepared.isReadableByOthers) output.warn(`${path} can be read by other users. Close it: chmod 600 ${path}`);
  if (prepared.gitStatus !== 'not-ignored') return false;
  if (
    interactive &&
    (await (await io.openPrompts()).confirm(`git does not ignore ${path}. Add it to .gitignore?`, true))
  ) {
    return true;
  }
  output.warn(`git does not ignore ${path}. Add it to .gitignore before you commit`);
  return false;
}

/** The offer after a key was shown. A file that cannot be used, or a no, is no failure: the key is in the person's hands. */
async function offer(
  secret: PlaintextSecret,
  prepared: PreparedEnvFile | EnvFileRefusal,
  name: string,
  context: CommandContext,
): Promise<void> {
  if (prepared.kind === 'refused') {
    context.output.note(`No env file was written: ${visible(prepared.what)}`);
    return;
  }
  const { confirm } = await context.io.openPrompts();
  try {
    if (!(await confirm(offerQuestion(prepared, name), prepared.existingValue !== 'foreign'))) return;
    await write(secret, prepared, name, await settleGitignore(prepared, context), context);
  } catch (error) {
    if (!(error instanceof OutkitError) || error.code !== 'cancelled') throw error;
    throw new OutkitError('cancelled', 'Cancelled: no env file was written, the key stays');
  }
}

function offerQuestion({ existingValue, path, line }: PreparedEnvFile, name: string): string {
  if (existingValue === 'none') return `Add ${name} to ${visible(path)}?`;
  const what = existingValue === 'of-this-key' ? `the old ${name}` : `the other ${name}`;
  return `Replace ${what} in ${visible(path)}:${line}?`;
}

async function write(
  secret: PlaintextSecret,
  prepared: PreparedEnvFile,
  name: string,
  ignoreFirst: boolean,
  { output }: CommandContext,
): Promise<void> {
  if (ignoreFirst) {
    const ignored = await prepared.ignoreInGit();
    if (ignored.kind === 'refused') throw refusalError('env_file_failed', ignored);
    output.note(`Added ${visible(prepared.path)} to ${visible(ignored.shownPath)}`);
  }
  const written = await prepared.write(secret);
  if (written.kind === 'refused') throw refusalError('env_file_failed', written);
  output.note(`Wrote ${name} to ${visible(written.path)}:${written.line}`);
}

function refusalError(
  code: 'env_file_refused' | 'env_file_failed',
  { reason, what, tryThis }: EnvFileRefusal,
): OutkitError {
  const signalCode = reason === 'SIGINT' ? 'cancelled' : reason === 'SIGTERM' ? 'terminated' : code;
  return new OutkitError(signalCode, what.replace(/\.$/, ''), tryThis.replace(/\.$/, ''));
}
