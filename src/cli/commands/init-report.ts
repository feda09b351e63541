import { basename } from 'node:path';
import type { KeySummary } from '../../core/key-service.ts';
import type { CommandContext } from '../command.ts';
import { shellWord } from '../command-line.ts';
import type { AppFile } from '../framework/app-file.ts';
import { FRAMEWORKS } from '../framework/detect.ts';
import { keyLabel } from '../key-label.ts';
import { visible } from '../visible-text.ts';
import type { InitResult } from './init-apply.ts';
import { VARIABLE } from './init-env-file.ts';
import { nextSteps } from './init-next-steps.ts';
import type { InitPlan } from './init-plan.ts';
import type { Survey } from './init-survey.ts';

/** What questions and actions are about. */
export function reportFound({ framework, envFile, server }: Survey, { output }: CommandContext): void {
  const { id, sign } = framework;
  const reads = envFile.isRead ? `. ${envFile.reader} reads ${envFile.shownPath}` : '';
  output.note(`Found ${FRAMEWORKS[id]} (${visible(sign ?? 'no framework in package.json')})${reads}`);
  output.note(`Server ${server.url}`);
}

/** One document on standard output with `--json`, else notices on standard error: what was done, and what is left to do. */
export function report(found: Survey, plan: InitPlan, result: InitResult, { output, io }: CommandContext): void {
  if (output.isJson) {
    output.document(initJson(found, plan, result));
    return;
  }
  const { done, right } = outcome(found, plan, result);
  for (const line of done) output.note(line);
  if (right.length > 0) output.note(`${done.length === 0 ? 'Nothing to do' : 'Right already'}: ${right.join(', ')}`);
  for (const warning of warningsOf(found, plan, result)) output.warn(warning);
  for (const line of nextSteps(found, result, io)) output.note(line);
}

function outcome(found: Survey, plan: InitPlan, { profile, change, created, written }: InitResult) {
  const { config, configPath, envFile, exposed } = found;
  const fields = Object.keys(change);
  const configName = visible(basename(configPath));
  const profileLabel = `profile ${visible(profile.name)} (${profile.id})`;
  const done: string[] = [];
  const right: string[] = [];
  if (profile.isNew) done.push(`Created ${profileLabel}`);
  if (plan.hideFromGit) done.push(`Added ${exposed.map(({ shownPath }) => shownPath).join(' and ')} to .gitignore`);
  if (config === null) done.push(`Created ${configName}: keys belong to ${profileLabel}`);
  else if (fields.length > 0) done.push(`Wrote ${fields.join(' and ')} to ${configName}`);
  else right.push(`${configName} names ${profileLabel}`);
  if (created !== null) done.push(`Created ${keyLabel(created.key)}`, ...created.notes);
  if (envFile.held.kind === 'key') {
    right.push(`${envFile.shownPath}:${envFile.line} holds ${keyLabel(envFile.held.found.key)}`);
  }
  if (exposed.length === 0) right.push(`git ignores ${envFile.shownPath}`);
  for (const { file } of written) done.push(`Wrote ${visible(file)}`);
  right.push(...filesThatStay(found, plan, written).map((name) => `${visible(name)} is there`));
  return { done, right };
}

function warningsOf(
  { warnings, envFile, exposed }: Survey,
  plan: InitPlan,
  { profile, created }: InitResult,
): string[] {
  const { held, shownPath, line } = envFile;
  const more = [...(created?.warnings ?? [])];
  if (!plan.hideFromGit) {
    const untold = exposed.filter((one) =>
      more.every((text) => !text.includes(`git does not ignore ${one.shownPath}.`)),
    );
    more.push(...untold.map((one) => `git does not ignore ${one.shownPath}. Add it to .gitignore before you commit`));
  }
  if (held.kind === 'other' && created === null) {
    const command = `outkit keys create -n "dev key" ${shellWord(`--env-file=${shownPath}`)} --force`;
    more.push(`${shownPath}:${line} holds ${held.what}, and keeps it. To replace it: ${command}`);
  }
  if (held.kind === 'key' && held.found.key.profileId !== profile.id) {
    more.push(`the key in ${shownPath}:${line} belongs to profile ${visible(held.found.key.profileId)}`);
  }
  return [...warnings, ...more];
}

/** Files of the app that were there before, or that somebody has made since. */
function filesThatStay({ proxy, page }: Survey, plan: InitPlan, written: readonly AppFile[]): string[] {
  const before = [proxy, page].flatMap((file) => file?.existing ?? []);
  return [...before, ...plan.files.filter((file) => !written.includes(file)).map(({ file }) => file)];
}

function initJson(found: Survey, plan: InitPlan, result: InitResult) {
  const { framework, server, config, configPath, envFile, exposed, proxy, page } = found;
  const { profile, change, created, written } = result;
  const key = created?.key ?? (envFile.held.kind === 'key' ? envFile.held.found.key : null);
  const changed = Object.keys(change);
  return {
    framework: { id: framework.id, name: FRAMEWORKS[framework.id], sign: framework.sign },
    server: server.url,
    profile: { id: profile.id, name: profile.name, created: profile.isNew },
    config: { path: configPath, created: config === null, changed },
    envFile: { path: envFile.path, variable: VARIABLE, line: envFile.line, isRead: envFile.isRead },
    key: key === null ? null : { ...keyJson(key), created: created !== null },
    gitignore: { added: plan.hideFromGit ? exposed.map(({ shownPath }) => shownPath) : [] },
    proxy: proxy === null ? null : fileJson(proxy, plan, result),
    page: page === null ? null : fileJson(page, plan, result),
    changed: profile.isNew || plan.hideFromGit || changed.length > 0 || created !== null || written.length > 0,
    warnings: warningsOf(found, plan, result),
  };
}

function fileJson(appFile: AppFile, { files }: InitPlan, { written }: InitResult) {
  const { file, code, existing } = appFile;
  const isWritten = written.includes(appFile);
  const exists = existing !== null || (files.includes(appFile) && !isWritten);
  return { file: existing ?? file, code, exists, written: isWritten };
}

function keyJson({ id, name, profileId, environment, start }: InitKey): InitKey {
  return { id, name, profileId, environment, start };
}

type InitKey = Pick<KeySummary, 'id' | 'name' | 'profileId' | 'environment' | 'start'>;
