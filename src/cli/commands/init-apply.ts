import { join } from 'node:path';
import { OutkitError } from '../../core/errors.ts';
import type { KeySummary } from '../../core/key-service.ts';
import type { CommandContext } from '../command.ts';
import { commandLine } from '../command-line.ts';
import { type ConfigChange, changeConfig, realConfigPath } from '../config-change.ts';
import { deliverUnseen } from '../delivery.ts';
import { type EnvFilePlan, planEnvFile } from '../env-file-plan.ts';
import type { AppFile } from '../framework/app-file.ts';
import { createKey } from '../key-creation.ts';
import { CONFIG_NAME } from '../project.ts';
import { hideFromGit } from './init-gitignore.ts';
import { writeNewFile } from './init-new-file.ts';
import { configChange, type InitPlan } from './init-plan.ts';
import type { Survey } from './init-survey.ts';

/** What was done. */
export interface InitResult {
  readonly profile: { readonly id: string; readonly name: string; readonly isNew: boolean };
  readonly change: ConfigChange;
  readonly created: FirstKey | null;
  /** Files of the app that were made, as the plan has them; another one came to stand there meanwhile. */
  readonly written: readonly AppFile[];
}

export interface FirstKey {
  readonly key: KeySummary;
  /** What the env-file writer said. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** The key comes last: what hides it from git and names its profile stands by then. Throws before that where `outkit.json` is a link out. */
export async function applyPlan(found: Survey, plan: InitPlan, context: CommandContext): Promise<InitResult> {
  if (changesConfig(found, plan)) realConfigPath(found.configPath, context.io.cwd);
  const profile = await settleProfile(found, plan);
  if (plan.hideFromGit) await hideFromGit(found.exposed, context.io);
  const change = configChange(found, profile.id);
  if (Object.keys(change).length > 0) await changeConfig(found.configPath, change, context.io);
  const { directory } = found.facts;
  const written = plan.files.filter(({ file, code }) => writeNewFile(directory, file, code) === 'written');
  const created = plan.createKey ? await createFirstKey(found, profile.id, context) : null;
  return { profile, change, created, written };
}

function changesConfig(found: Survey, { profile }: InitPlan): boolean {
  return profile.kind === 'new' || Object.keys(configChange(found, profile.id)).length > 0;
}

/** A new profile has the plan of the oldest one, which is the server's own choice. */
async function settleProfile({ services, profiles }: Survey, { profile }: InitPlan): Promise<InitResult['profile']> {
  if (profile.kind === 'existing') return { id: profile.id, name: profile.name, isNew: false };
  const plan = profiles[0]?.plan ?? 'free';
  const { id, name } = await services.profiles.create({ name: profile.name, plan, design: {} }, profile.teamId);
  return { id, name, isNew: true };
}

/** As `keys create --env-file --no-show` does. */
async function createFirstKey(found: Survey, profileId: string, context: CommandContext): Promise<FirstKey> {
  const { config, services } = found;
  const environment = config?.environment ?? 'development';
  const name = environment === 'development' ? 'dev key' : `${environment} key`;
  const notes: string[] = [];
  const warnings: string[] = [];
  const output = {
    ...context.output,
    note: (text: string) => void notes.push(text),
    warn: (text: string) => void warnings.push(text),
  };
  const envFile = await planFor(found, { ...context, output, interactive: false });
  const request = { profileId, name, environment, rateLimitPerMinute: null, expiresAt: null };
  const { created, plaintext, undo } = await createKey(request, services.keys, context.io);
  const key = await deliverUnseen(created.key ?? plaintext, { created, envFile, undo });
  return { key, notes, warnings };
}

/** Another value is replaced when there was one to ask about, and not one that has come since. */
async function planFor({ envFile, config }: Survey, context: CommandContext): Promise<EnvFilePlan | null> {
  const { choice, held } = envFile;
  const force = held.kind === 'other';
  try {
    if ('explicitPath' in choice) {
      return await planEnvFile({ flags: { envFile: choice.explicitPath, force }, config }, context);
    }
    const { directory, envFile: name } = choice.configuration;
    const configuration = { ...config, path: join(directory, CONFIG_NAME), envFile: name };
    return await planEnvFile({ flags: { envFile: true, force }, config: configuration }, context);
  } catch (error) {
    if (!(error instanceof OutkitError) || error.code !== 'env_value_exists') throw error;
    throw new OutkitError(error.code, error.message, commandLine(context.argv));
  }
}
