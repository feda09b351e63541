import { basename } from 'node:path';
import type { KeySummary } from '../../core/key-service.ts';
import type { CommandContext } from '../command.ts';
import { shellWord } from '../command-line.ts';
import { FRAMEWORKS } from '../framework/detect.ts';
import { keyLabel } from '../key-label.ts';
import type { Output } from '../output.ts';
import { visible } from '../visible-text.ts';
import type { InitResult } from './init-apply.ts';
import { VARIABLE } from './init-env-file.ts';
import type { InitPlan } from './init-plan.ts';
import type { Survey } from './init-survey.ts';

/** What questions and actions are about. */
export function reportFound({ framework, envFile, server }: Survey, { output }: CommandContext): void {
  const { id, sign } = framework;
  const reads = envFile.isRead ? `. ${envFile.reader} reads ${envFile.shownPath}` : '';
  output.note(`Found ${FRAMEWORKS[id]} (${visible(sign ?? 'no framework in package.json')})${reads}`);
  output.note(`Server ${server.url}`);
}

/** The proxy on standard output, so that it can be redirected into its file; what was done beside it. */
export function report(found: Survey, plan: InitPlan, result: InitResult, { output }: CommandContext): void {
  if (output.isJson) {
    output.document(initJson(found, plan, result));
    return;
  }
  const { done, right } = outcome(found, plan, result);
  for (const line of done) output.note(line);
  if (right.length > 0) output.note(`${done.length === 0 ? 'Nothing to do' : 'Right already'}: ${right.join(', ')}`);
  for (const warning of warningsOf(found, plan, result)) output.warn(warning);
  printProxy(found, output);
}

function outcome(found: Survey, plan: InitPlan, { profile, change, created }: InitResult) {
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

function printProxy({ proxy }: Survey, output: Output): void {
  if (proxy.existing !== null && output.isTerminal) {
    output.note(`The backend proxy ${proxy.existing} is there`);
    return;
  }
  output.note(`\nThe backend proxy, for ${proxy.file}:\n`);
  output.line(proxy.code.trimEnd());
  output.note('\nNext: let your users in at mayRender(), then post {"content": …} to /api/outkit from the browser.');
  output.note(`In production set ${VARIABLE} and OUTKIT_RENDERER_URL where the server runs.`);
}

function initJson(found: Survey, plan: InitPlan, result: InitResult) {
  const { framework, server, config, configPath, envFile, exposed, proxy } = found;
  const { profile, change, created } = result;
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
    proxy: { file: proxy.file, code: proxy.code, exists: proxy.existing !== null },
    changed: profile.isNew || plan.hideFromGit || changed.length > 0 || created !== null,
    warnings: warningsOf(found, plan, result),
  };
}

function keyJson({ id, name, profileId, environment, start }: InitKey): InitKey {
  return { id, name, profileId, environment, start };
}

type InitKey = Pick<KeySummary, 'id' | 'name' | 'profileId' | 'environment' | 'start'>;
