import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { GitStatus } from '../env-file/git.ts';
import { locate, shownPathOf } from '../env-file/location.ts';
import type { EnvFileRefusal } from '../env-file/refusal.ts';
import { takeSnapshot } from '../env-file/snapshot.ts';
import { readStatements, type Statement } from '../env-file/statement.ts';
import { chooseTarget, type TargetRequest } from '../env-file/target.ts';
import { checkVariableName } from '../env-file/variable-name.ts';
import type { Io } from '../io.ts';
import { type SeenSecret, type SeenValue, secretsIn, seenValue } from './seen-secret.ts';

export const KEY_VARIABLE = 'OUTKIT_API_KEY';

/** A variable of an env file that holds a key, or should. */
export interface KeyVariable {
  readonly name: string;
  readonly line: number;
  readonly value: SeenValue;
}

export interface EnvFileFacts {
  readonly path: string;
  readonly shownPath: string;
  readonly exists: boolean;
  /** Why the env-file writer would not touch it, or why it cannot be read. */
  readonly refusal: EnvFileRefusal | null;
  /** `null` where the refusal came first. */
  readonly gitStatus: GitStatus | null;
  readonly isReadableByOthers: boolean;
  /** `OUTKIT_API_KEY`, and every other variable with a key. */
  readonly variables: readonly KeyVariable[];
}

/** A variable that bundlers put into what browsers download, with a key in it. */
export interface BrowserVariable {
  readonly name: string;
  readonly place: string;
  readonly secret: SeenSecret;
}

const GROUP_OR_OTHERS_READ = 0o044;
const ENV_FILE = /^(?:\.env|\.dev\.vars)(?:$|\.)/;
const MAX_ENV_FILES = 50;

/** The env file of the project: the one that `keys create` would write. */
export async function readEnvFile(request: TargetRequest): Promise<EnvFileFacts> {
  const target = await chooseTarget(request);
  const location = await locate(target, request);
  const isLocated = location.kind === 'located';
  const path = isLocated ? location.path : target.path;
  const shownPath = isLocated ? location.shownPath : shownPathOf(path, request.workingDirectory);
  const snapshot = takeSnapshot(path, shownPath);
  const isFile = snapshot.kind === 'file';
  const statements = isFile ? statementsOf(snapshot.contents) : [];
  return {
    path,
    shownPath,
    exists: snapshot.kind !== 'absent',
    refusal: location.kind === 'refused' ? location : snapshot.kind === 'refused' ? snapshot : null,
    gitStatus: isLocated ? location.gitStatus : location.reason === 'tracked' ? 'tracked' : null,
    isReadableByOthers: isFile && (snapshot.stats.mode & GROUP_OR_OTHERS_READ) !== 0,
    variables: keyVariables(statements),
  };
}

/** Looks into the environment, and into every `.env*` of the folders. */
export function findBrowserVariables(
  folders: readonly string[],
  { env, cwd }: Pick<Io, 'env' | 'cwd'>,
): readonly BrowserVariable[] {
  const inEnvironment = Object.entries(env)
    .filter(([name]) => isForBrowsers({ name }))
    .flatMap(([name, value]) => secretsIn(value ?? '').map((secret) => ({ name, place: 'the environment', secret })));
  return [...inEnvironment, ...folders.flatMap((folder) => browserVariablesIn(folder, cwd))];
}

function browserVariablesIn(directory: string, workingDirectory: string): readonly BrowserVariable[] {
  const names = readdirSync(directory).filter((name) => ENV_FILE.test(name));
  return names.slice(0, MAX_ENV_FILES).flatMap((fileName) => {
    const path = join(directory, fileName);
    const shownPath = shownPathOf(path, workingDirectory);
    const snapshot = takeSnapshot(path, shownPath);
    const statements = snapshot.kind === 'file' ? statementsOf(snapshot.contents) : [];
    return statements.filter(isForBrowsers).flatMap(({ name, line, rawValue }) => {
      const place = `${shownPath}:${line}`;
      return secretsIn(rawValue).map((secret) => ({ name, place, secret }));
    });
  });
}

function keyVariables(statements: readonly Statement[]): KeyVariable[] {
  // As loaders read it, the last line of a name counts.
  const last = new Map(statements.map((statement) => [statement.name, statement]));
  return [...last.values()]
    .map(({ name, line, rawValue }) => ({ name, line, value: seenValue(unquoted(rawValue)) }))
    .filter(({ name, value }) => name === KEY_VARIABLE || (value.kind === 'secret' && !isForBrowsers({ name })));
}

function isForBrowsers({ name }: Pick<Statement, 'name'>): boolean {
  return checkVariableName(name)?.reason === 'browser-variable';
}

function unquoted(rawValue: string): string {
  return /^(['"`])(.*)\1$/s.exec(rawValue)?.[2] ?? rawValue;
}

function statementsOf(contents: Buffer): readonly Statement[] {
  return readStatements(contents.toString('utf8').replace(/\r\n?/g, '\n'));
}
