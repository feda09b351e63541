import { dirname } from 'node:path';
import { isLoopbackUrl } from '../../client/server-url.ts';
import { hasWranglerConfig } from '../framework/detect.ts';
import type { Io } from '../io.ts';
import { findUpward } from '../project.ts';
import { visible } from '../visible-text.ts';
import type { InitResult } from './init-apply.ts';
import { VARIABLE } from './init-env-file.ts';
import type { Survey } from './init-survey.ts';

/** How each package manager adds a package, by its lock files. */
const ADD_COMMANDS: Readonly<Record<string, string>> = {
  'package-lock.json': 'npm install',
  'pnpm-lock.yaml': 'pnpm add',
  'yarn.lock': 'yarn add',
  'bun.lock': 'bun add',
  'bun.lockb': 'bun add',
};

/** The port of an `outkit dev` that was not told another. */
const USUAL_PORT = '4680';

/** What is left to do after files of the app were made, for notices; none where nothing was. */
export function nextSteps(found: Survey, { written }: InitResult, { home }: Pick<Io, 'home'>): readonly string[] {
  const { proxy, page, facts, server } = found;
  if (written.length === 0 || proxy === null) return [];
  const steps: string[] = [];
  const place = { cwd: facts.directory, home };
  if (!facts.dependencies.has('outkit')) steps.push(`${addCommand(place)} outkit`);
  if (written.includes(proxy)) {
    if (proxy.mount !== null) steps.push(`Use ${visible(proxy.file)}: ${visible(proxy.mount)}`);
    steps.push(`Let your users in: write your check into ${visible(proxy.file)}`);
  }
  const isPageWritten = page !== null && written.includes(page);
  steps.push(
    isPageWritten
      ? 'Open /outkit in the browser'
      : 'Post {"content": …} to /api/outkit from the browser, and read the answer with outkit/stream',
  );
  if (isLoopbackUrl(server.url) && new URL(server.url).port !== USUAL_PORT) {
    steps.push(`Set OUTKIT_API_URL where the app runs when this server is no longer at ${server.url}`);
  }
  const where = hasWranglerConfig(facts.files) ? 'in the settings of the worker' : 'where the app runs';
  steps.push(`In production set ${VARIABLE} and OUTKIT_API_URL ${where}`);
  return ['\nNext:', ...steps.map((step) => `  ${step}`)];
}

/** That of the nearest lock file upward. */
function addCommand(place: Pick<Io, 'cwd' | 'home'>): string {
  const found = Object.entries(ADD_COMMANDS).flatMap(([lockFile, command]) => {
    const path = findUpward(lockFile, place);
    return path === null ? [] : [{ command, depth: dirname(path).length }];
  });
  return found.sort((left, right) => right.depth - left.depth)[0]?.command ?? 'npm install';
}
