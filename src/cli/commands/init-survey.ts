import { dirname, join, relative, resolve } from 'node:path';
import { isLoopbackUrl } from '../../client/server-url.ts';
import { OutkitError } from '../../core/errors.ts';
import type { ProfileSummary } from '../../core/profile-service.ts';
import type { CommandContext } from '../command.ts';
import { commandLine } from '../command-line.ts';
import type { ProjectConfig } from '../config.ts';
import { readConfigIfAny } from '../dev-project.ts';
import type { AppFile } from '../framework/app-file.ts';
import { type DetectedFramework, detectFramework, FRAMEWORKS } from '../framework/detect.ts';
import { envReading } from '../framework/env-reading.ts';
import { type PackageFacts, readPackageFacts } from '../framework/package-facts.ts';
import { firstPage } from '../framework/page-next.ts';
import { type BackendProxy, backendProxy } from '../framework/proxy.ts';
import { profilesOfTeams } from '../profiles-of-teams.ts';
import { CONFIG_NAME } from '../project.ts';
import { accessTo, type FoundServer, findServer } from '../server-choice.ts';
import type { Services } from '../session.ts';
import type { TeamFlag } from '../team-choice.ts';
import { visible } from '../visible-text.ts';
import { type EnvFileFinding, findEnvFile } from './init-env-file.ts';
import { type Exposed, findExposed } from './init-gitignore.ts';
import { realPlace } from './init-new-file.ts';

export interface InitOptions extends TeamFlag {
  readonly profile?: string;
  readonly envFile?: string;
  readonly yes?: boolean;
  /** `false` with `--no-proxy`. */
  readonly proxy?: boolean;
}

/** A project as it is, before anything is asked or changed. */
export interface Survey {
  readonly facts: PackageFacts;
  readonly framework: DetectedFramework;
  readonly server: FoundServer;
  readonly services: Services;
  readonly profiles: readonly ProfileSummary[];
  readonly config: ProjectConfig | null;
  /** Of the `outkit.json` that is there, or that is to be made. */
  readonly configPath: string;
  /** What `outkit.json` should say of the server; `undefined` when nothing is missing. */
  readonly apiUrl: string | undefined;
  readonly envFile: EnvFileFinding;
  readonly exposed: readonly Exposed[];
  /** `null` where none is wanted, or where it is not known what kind of app this is. */
  readonly proxy: BackendProxy | null;
  readonly page: AppFile | null;
  readonly warnings: readonly string[];
}

/** Throws `unreachable` without a server, and `env_file_refused` when the env file could not take a key safely. */
export async function survey(options: InitOptions, context: CommandContext): Promise<Survey> {
  const { io } = context;
  const warnings: string[] = [];
  const config = await readConfigIfAny(io, context.configPath, {
    ...context.output,
    warn: (text) => warnings.push(text),
  });
  const server = await findServer(io, context.apiUrl, config);
  refuseOtherServer(server, config);
  const services = await context.connect(await accessTo(server, io));
  const profiles = await profilesOfTeams(services, { includeArchived: false });
  const facts = readPackageFacts(io);
  const framework = detectFramework(facts);
  const configPath = config?.path ?? newConfigPath(server, facts, context);
  const reading = envReading(framework.id, facts, facts.scripts);
  const envFile = await findEnvFile(
    { flag: options.envFile, config, configPath, facts, reading, keys: services.keys },
    context,
  );
  warnings.push(...warningsOf(facts, framework), ...envFile.warnings);
  return {
    facts,
    framework,
    server,
    services,
    profiles,
    config,
    configPath,
    apiUrl: config?.apiUrl === undefined && isWorthNaming(server) ? server.url : undefined,
    envFile,
    exposed: await findExposed(envFile, server.dataDirectory, dirname(configPath)),
    ...(options.proxy !== false && isApp(facts, framework) ? filesOf(facts, framework, server, envFile) : NO_FILES),
    warnings,
  };
}

type Files = Pick<Survey, 'proxy' | 'page'>;

const NO_FILES: Files = { proxy: null, page: null };

/** Throws `app_file` where one of them would be out of the project. */
function filesOf(facts: PackageFacts, { id }: DetectedFramework, server: FoundServer, envFile: EnvFileFinding): Files {
  const { directory } = facts;
  const proxy = backendProxy(id, facts, { apiUrl: server.url, envFile: relative(directory, envFile.path) });
  const page = id === 'next' ? firstPage(facts) : null;
  for (const file of [proxy, page]) if (file?.existing === null) realPlace(directory, file.file);
  return { proxy, page };
}

/** The root of a workspace, or a `package.json` that nobody can read, does not say what the app is. */
function isApp({ isWorkspaceRoot, problem }: PackageFacts, { id }: DetectedFramework): boolean {
  return problem === null && !(isWorkspaceRoot && id === 'node');
}

/** Where the commands of the project will look: beside the data directory of its `outkit dev`, else beside `package.json`. */
function newConfigPath(server: FoundServer, facts: PackageFacts, { io, configPath }: CommandContext): string {
  const named = configPath ?? (io.env['OUTKIT_CONFIG'] || undefined);
  if (named !== undefined) return resolve(io.cwd, named);
  const isOwn = server.dataDirectory !== null && (io.env['OUTKIT_DATA_DIR'] ?? '') === '';
  const directory = isOwn ? dirname(server.dataDirectory) : facts.directory;
  return join(directory, CONFIG_NAME);
}

/** A profile belongs to one server, so one `outkit.json` cannot speak of two. */
function refuseOtherServer(server: FoundServer, config: ProjectConfig | null): void {
  if (config?.apiUrl === undefined) return;
  const own = new URL(config.apiUrl).origin;
  if (own === server.url) return;
  const message = `outkit.json names the server ${own}, not ${server.url}: it can belong to one only`;
  throw new OutkitError('usage', message, commandLine(['init', '--api-url', own]));
}

/** An `outkit dev` is found without a name, and has another port tomorrow; the one login there is, only until there is a second. */
function isWorthNaming({ source, url }: FoundServer): boolean {
  return source === 'login' || (source === 'flag' && !isLoopbackUrl(url));
}

function warningsOf(facts: PackageFacts, { id }: DetectedFramework): string[] {
  const warnings: string[] = [];
  if (facts.problem !== null) warnings.push(`${visible(facts.problem)}: taken for plain ${FRAMEWORKS.node}`);
  if (facts.isWorkspaceRoot && id === 'node') {
    warnings.push('this is the root of a workspace: run outkit init in the folder of the app to set that up');
  }
  return warnings;
}
