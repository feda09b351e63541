import { dirname } from 'node:path';
import type { CommandContext } from '../command.ts';
import { type ProjectConfig, readConfig } from '../config.ts';
import { findRepositoryRoot } from '../env-file/git.ts';
import { readPackageFacts } from '../framework/package-facts.ts';
import type { Io } from '../io.ts';
import { CONFIG_NAME } from '../project.ts';
import { type BuildSearch, searchBuilds } from './build-search.ts';
import {
  type BrowserVariable,
  type EnvFileFacts,
  findBrowserVariables,
  KEY_VARIABLE,
  readEnvFile,
} from './env-file-facts.ts';
import { type Fact, known, look, lookAfter, notLooked } from './fact.ts';
import { type HistorySearch, searchHistory } from './git-history.ts';
import { type SeenSecret, type SeenValue, seenValue } from './seen-secret.ts';
import { searchWorkingTree, type TreeSearch } from './working-tree.ts';

export interface ConfigFacts {
  readonly config: ProjectConfig | null;
  readonly warnings: readonly string[];
}

/** What of a project may hold a key. */
export interface ProjectFacts {
  readonly envFile: Fact<EnvFileFacts>;
  readonly browserVariables: Fact<readonly BrowserVariable[]>;
  readonly builds: Fact<BuildSearch>;
  /** `OUTKIT_API_KEY` of the environment; `null` when it is not set. */
  readonly environmentKey: SeenValue | null;
  readonly tree: Fact<TreeSearch>;
  readonly history: Fact<HistorySearch>;
}

/** How long the history is searched. */
const HISTORY_MS = 20_000;
const NO_REPOSITORY = 'no git repository';

export function readConfigFacts({
  io,
  configPath,
}: Pick<CommandContext, 'io' | 'configPath'>): Promise<Fact<ConfigFacts>> {
  return look(async () => {
    const warnings: string[] = [];
    const config = await readConfig(io, configPath, { warn: (text) => warnings.push(text) });
    return { config, warnings };
  });
}

/** Looks through the files and the repository of a project. */
export async function gatherProject(
  io: Io,
  config: Fact<ConfigFacts>,
  directory: string,
  onProgress: (objects: number) => void,
): Promise<ProjectFacts> {
  const root = findRepositoryRoot(directory);
  const repository = root === undefined ? null : { root, env: io.env };
  const envFile = await readProjectEnvFile(io.cwd, config);
  const folders = appFolders(io, directory, known(envFile));
  const [browserVariables, builds, history] = await Promise.all([
    look(async () => findBrowserVariables(folders, io)),
    look(() => searchBuilds(folders, io.cwd)),
    repository === null
      ? notLooked<HistorySearch>(NO_REPOSITORY)
      : look(() => searchHistory(repository, { timeMs: HISTORY_MS, onProgress })),
  ]);
  const tree =
    repository === null
      ? notLooked<TreeSearch>(NO_REPOSITORY)
      : await look(() => searchWorkingTree(repository, known(envFile)?.path ?? null));
  const variable = io.env[KEY_VARIABLE];
  const environmentKey = variable === undefined ? null : seenValue(variable);
  return { envFile, browserVariables, builds, environmentKey, tree, history };
}

/** Where the app may be: in a workspace `outkit.json`, the env file and the `package.json` need not stand in one folder. */
function appFolders(io: Io, directory: string, envFile: EnvFileFacts | null): readonly string[] {
  const ofEnvFile = envFile === null || envFile.refusal !== null ? [] : [dirname(envFile.path)];
  return [...new Set([directory, readPackageFacts(io).directory, ...ofEnvFile])];
}

export function readProjectEnvFile(workingDirectory: string, config: Fact<ConfigFacts>): Promise<Fact<EnvFileFacts>> {
  return lookAfter(config, `needs ${CONFIG_NAME}, which may say where it is`, ({ config }) =>
    readEnvFile({
      workingDirectory,
      configuration: config === null ? undefined : { directory: dirname(config.path), envFile: config.envFile },
    }),
  );
}

/** Every key that was found anywhere. */
export function secretsOf(facts: ProjectFacts): readonly SeenSecret[] {
  const values = [facts.environmentKey, ...(known(facts.envFile)?.variables ?? []).map(({ value }) => value)];
  const found = [
    known(facts.browserVariables),
    known(facts.builds)?.found,
    known(facts.tree)?.found,
    known(facts.history)?.found,
  ];
  return [
    ...values.flatMap((value) => (value?.kind === 'secret' ? [value.secret] : [])),
    ...found.flatMap((list) => (list ?? []).map(({ secret }) => secret)),
  ];
}
